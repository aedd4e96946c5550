#include "channel_load.hpp"

namespace flamigo::load {

void channel_load::complete(report& out) const {
  out.lost = missing_ + awaited_;
}

// -- requests -----------------------------------------------------------------

void channel_load::ask(connection& who, std::string_view strategy,
                       std::string_view payload) {
  text_ = R"({"topic":")";
  text_ += strategy;
  text_ += R"(","payload":)";
  text_ += payload;
  text_ += R"(,"ackId":"1"})";
  ++awaited_;
  who.send(text_);
}

void channel_load::ask_all(std::size_t begin, std::size_t end,
                           std::string_view strategy,
                           std::string_view payload) {
  for (auto i = begin; i < end; ++i)
    ask(at(i), strategy, payload);
}

bool channel_load::settle() {
  auto done = [this] { return awaited_ == 0 && missing_ == 0; };
  if (wait_for(10 * patience, done))
    return true;
  if (!failed())
    add_error(std::to_string(awaited_) + " answers and "
              + std::to_string(missing_) + " events have not come in time");
  return false;
}

// -- what comes ---------------------------------------------------------------

void channel_load::received(connection& who, std::string_view text) {
  auto message = read_wire_message(text);
  if (!message || message->topic == "error") {
    add_error("not what was asked for: " + std::string{text});
    return;
  }
  if (message->ack_id.empty()) {
    heard(who, *message, text.size());
    return;
  }
  if (awaited_ == 0) {
    add_error("not the answer to any request: " + std::string{text});
    return;
  }
  --awaited_;
  answered(who, *message);
}

} // namespace flamigo::load
