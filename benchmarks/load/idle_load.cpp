#include "idle_load.hpp"

namespace flamigo::load {

idle_load::idle_load(const options& what)
  : scenario(what), asking_(what), sent_(what.connections) {
}

void idle_load::perform() {
  auto before = server_.resident_bytes();
  open_all();
  auto begun = clock::now();
  auto used = server_.cpu_time();
  pass(what_.settle);
  if (failed())
    return;
  if (!server_.empty() && what_.settle > 0)
    cpu_ms_per_second_
      = std::chrono::duration<double, std::milli>{server_.cpu_time() - used}
          .count()
        / std::chrono::duration<double>{clock::now() - begun}.count();
  if (!server_.empty())
    bytes_per_connection_ = (static_cast<double>(server_.resident_bytes())
                             - static_cast<double>(before))
                            / static_cast<double>(what_.connections);
  measured_.start();
  std::string text;
  for (std::size_t i = 0; i < sent_.size(); ++i) {
    asking_.write(text, i + 1);
    sent_[i] = clock::now();
    ++in_flight_;
    at(i).send(text);
  }
  wait_for(patience, [&] { return in_flight_ == 0; });
  if (!failed())
    measured_.stop();
}

void idle_load::complete(report& out) const {
  out.server_bytes_per_connection = bytes_per_connection_;
  out.server_cpu_idle_ms = cpu_ms_per_second_;
  out.lost = in_flight_;
}

void idle_load::received(connection& who, std::string_view text) {
  auto reply = asking_.read(text);
  if (reply.event)
    return;
  auto& sent = sent_[who.index()];
  if (!sent || reply.id != who.index() + 1) {
    add_error("not the answer to any request: " + std::string{text});
    return;
  }
  if (reply.good)
    measured_.operation(poll_.now() - *sent);
  else
    add_error("not what was asked for: " + std::string{text});
  sent.reset();
  --in_flight_;
}

} // namespace flamigo::load
