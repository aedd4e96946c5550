#include "client.hpp"

#include "../load/number.hpp"

namespace flamigo::soak {

std::uint64_t client::ask(lane who, std::string_view strategy,
                          std::string_view payload, std::uint64_t note) {
  if (book_.open() == 0)
    alive_ = stage_.time();
  auto id = book_.ask(who, stage_.poll().now(), note);
  ++stage_.done().questions;
  text_ = R"({"topic":")";
  text_ += strategy;
  text_ += R"(","payload":)";
  text_ += payload;
  text_ += R"(,"ackId":)";
  load::append_number(text_, id);
  text_ += '}';
  line_.send(text_);
  return id;
}

void client::received(load::connection&, std::string_view text) {
  auto message = load::read_wire_message(text);
  if (!message)
    fault("what the server sends is JSON", text);
  else if (message->ack_id.empty())
    heard(*message);
  else
    check_answer(*message);
}

void client::heard(const load::wire_message& event) {
  fault("a client gets no event that it is not subscribed to", event.topic);
}

void client::check_answer(const load::wire_message& answer) {
  auto number = answer.ack_id;
  std::uint64_t id = 0;
  question what;
  auto verdict = load::take_number(number, id) ? book_.answered(id, what)
                                               : answer_book::verdict::unknown;
  alive_ = stage_.time();
  if (verdict == answer_book::verdict::unknown)
    return fault("an answer has the ackId of a request", answer.ack_id);
  if (verdict == answer_book::verdict::twice)
    return fault("a request is answered once", answer.ack_id);
  ++stage_.done().answers;
  auto is_error = answer.topic == "error";
  auto fair = is_error && is_fair(what, answer);
  // Whoever is refused does not wait for who was not.
  if (verdict == answer_book::verdict::out_of_order && !fair)
    fault("requests to one place are answered in their order",
          std::string{answer.ack_id} + " while "
            + std::to_string(book_.oldest()->id) + " is waited for");
  if (is_error && !fair)
    fault("a good request is answered by its result", answer.payload);
  answered(what, answer);
}

bool client::is_fair(const question& what,
                     const load::wire_message& answer) const {
  // It drains, or was under way to a domain actor when the process stood still.
  return (stage_.met_the_end(what.asked)
          && answer.payload.find(R"("status":503)") != std::string_view::npos)
         || (what.asked <= stage_.stood_still_at() && what.who != lane::here
             && answer.payload.find(R"("status":504)")
                  != std::string_view::npos);
}

void client::act() {
  if (!begun_)
    begun_ = stage_.time();
  if (!greeted_ && stage_.time() - *begun_ > limits::patience) {
    fault("a client that does nothing wrong can connect", "in time");
    return vanish();
  }
  if (book_.open() > 0 && stage_.time() - alive_ > limits::patience
      && !saying_goodbye_) {
    fault("every request is answered",
          "ackId " + std::to_string(book_.oldest()->id) + ", and "
            + std::to_string(book_.open() - 1) + " more");
    return vanish();
  }
  if (!leaving_ || saying_goodbye_ || book_.open() > 0 || !line_.is_open())
    return;
  saying_goodbye_ = true;
  line_.close();
  expect(limits::margin,
         "the server answers a close frame and closes the socket");
}

void client::ended(std::string_view failure) {
  stage_.done().unanswered += book_.open();
  if (stage_.ending) {
    if (book_.open() > 0 && !stage_.met_the_end(book_.oldest()->asked))
      fault("what is under way at SIGTERM is answered",
            "ackId " + std::to_string(book_.oldest()->id));
    if (greeted_ && !failure.empty() && line_.close_code() != 3001)
      fault("at its end, the server closes clients with 3001", failure);
  } else if (stage_.was_late()
             && (line_.close_code() == 3008 || line_.close_code() == 3012)) {
    ++stage_.done().excused;
  } else if (!failure.empty()) {
    fault(greeted_ ? "a client that does nothing wrong stays connected"
                   : "a client that does nothing wrong can connect",
          failure);
  } else if (book_.open() > 0) {
    fault("every request is answered", "at its end");
  }
}

} // namespace flamigo::soak
