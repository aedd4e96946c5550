#include "flamigo/remote/detail/remote_session.hpp"

#include <utility>

#include "flamigo/remote/detail/local_error.hpp"

namespace flamigo::detail {

remote_session::remote_session(remote_options options, remote_timers& clock,
                               std::function<double()> random,
                               remote_socket_maker make_socket)
  : options_(std::move(options)),
    link_(options_, clock, random, std::move(make_socket), *this),
    calls_(options_, clock, link_),
    questions_([this](std::string text) { link_.say(std::move(text)); }),
    channels_(options_, clock, random, calls_, listeners) {
}

void remote_session::close() {
  if (link_.closed() == nullptr)
    link_.close(
      {.cause = remote_cause::program, .message = "the program has closed it"});
}

std::uint64_t remote_session::call(remote_request what,
                                   const remote_call_options& how) {
  auto refuse = [&](const char* how_so) {
    what.done(offline_error(how_so, link_.reason()));
    return std::uint64_t{0};
  };
  if (how.timeout.count() < 0)
    return refuse("its time was up before it could be sent");
  if (how.offline == when_offline::fail && !link_.is_up()
      && link_.closed() == nullptr)
    return refuse("there is no connection");
  what.timeout = how.timeout.count() > 0 ? how.timeout : options_.timeout;
  return calls_.add(std::move(what), calls_.others);
}

void remote_session::ready() {
  calls_.pump();
}

void remote_session::heard(const remote_frame& frame) {
  if (frame.requestId)
    questions_.hear(frame);
  else if (frame.topic == "request:ended")
    questions_.end(frame.json());
  else if (frame.ackId)
    calls_.hear(frame);
  else if (frame.topic != "error")
    channels_.hear(frame);
  else
    tell_if(options_.on_error, "on_error", read_remote_error(frame.json()));
}

void remote_session::lost(const remote_reason& why, std::size_t longest) {
  calls_.lost(why, longest);
  questions_.lost();
  channels_.lost();
}

void remote_session::changed(const remote_state& now) {
  if (now.phase == remote_phase::closed) {
    calls_.close();
    channels_.close(closed_error(now.reason));
  }
  tell_if(options_.on_state, "on_state", now);
}

void remote_session::ask_first(remote_request what) {
  calls_.add_first(std::move(what));
}

} // namespace flamigo::detail
