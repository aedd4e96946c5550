#include "request_load.hpp"

namespace flamigo::load {

request_load::request_load(const options& what)
  : scenario(what), asking_(what), slots_(what.connections * what.depth) {
  for (std::size_t i = 0; i < slots_.size(); ++i)
    slots_[i].id = i;
}

void request_load::perform() {
  open_all();
  if (failed())
    return;
  for (std::size_t i = 0; i < slots_.size(); ++i)
    request(at(i / what_.depth), slots_[i]);
  measure();
  wait_for(patience, [&] { return in_flight_ == 0; });
}

void request_load::complete(report& out) const {
  out.lost = in_flight_;
}

void request_load::request(connection& who, slot& in) {
  in.id += slots_.size();
  in.busy = true;
  in.sent = poll_.now();
  ++in_flight_;
  asking_.write(text_, in.id);
  who.send(text_);
}

void request_load::received(connection& who, std::string_view text) {
  auto reply = asking_.read(text);
  if (reply.event)
    return;
  auto index = reply.id % slots_.size();
  auto& in = slots_[index];
  if (!in.busy || in.id != reply.id || index / what_.depth != who.index()) {
    add_error("not the answer to any request: " + std::string{text});
    return;
  }
  if (reply.good)
    measured_.operation(poll_.now() - in.sent);
  else
    add_error("not what was asked for: " + std::string{text});
  in.busy = false;
  --in_flight_;
  if (!finishing_)
    request(who, in);
}

} // namespace flamigo::load
