#include "worker.hpp"

#include "../load/number.hpp"

namespace flamigo::soak {

namespace {

constexpr std::string_view ways[] = {"plain", "copied", "waiting"};

lane lane_of(std::uint64_t how, lane usual) {
  return how == 2 ? lane::later : usual;
}

std::string publication(std::uint64_t publisher, std::uint64_t number,
                        std::uint64_t how) {
  std::string result = R"({"from":)" + std::to_string(publisher) + R"(,"n":)"
                       + std::to_string(number) + R"(,"how":")";
  result += ways[how];
  return result + "\"}";
}

} // namespace

// -- subscribing --------------------------------------------------------------

void worker::greeted() {
  // Its own events are numbered from zero.
  heard_[job_.publisher];
  if (job_.other_handler)
    ask(lane::here, "app::soak:listen", R"({"pattern":"other"})",
        note(errand::subscribe, 0));
  else
    subscribe();
}

void worker::subscribe() {
  if (subscribed_ == job_.patterns.size()) {
    settled_ = true;
    return;
  }
  auto payload = R"({"pattern":")" + job_.patterns[subscribed_++] + "\"}";
  auto from_desk = job_.how == ear::forwarded_from_desk
                   || job_.how == ear::handled_from_desk;
  ask(from_desk ? lane::desk : lane::here,
      std::string{from_desk ? "app::desk:" : "app::soak:"}
        + (is_handled() ? "listen" : "subscribe"),
      payload, note(errand::subscribe, 0));
}

// -- asking -------------------------------------------------------------------

void worker::act() {
  if (job_.requests > 0 && done_ >= job_.requests)
    leaving_ = true;
  while (is_ready())
    run_errand();
  client::act();
}

bool worker::is_ready() const {
  return settled_ && !leaving_ && !resting_ && line_.is_open()
         && book().open() < job_.depth && stage_.time() >= next_errand_;
}

void worker::run_errand() {
  ++done_;
  next_errand_ = stage_.time() + job_.pace;
  auto what = stage_.pick(10);
  if (what < 6)
    echo();
  else if (what < 9)
    publish();
  else
    publish_by_desk();
}

void worker::echo() {
  constexpr std::string_view strategies[] = {"app::soak:echo", "app::desk:echo",
                                             "app::soak:ask"};
  constexpr lane lanes[] = {lane::here, lane::desk, lane::later};
  auto where = stage_.pick(3);
  std::string text{'"'};
  load::append_number(text, done_);
  text.append(stage_.pick(job_.most_bytes), 'x');
  text += '"';
  auto id = ask(lanes[where], strategies[where], text, note(errand::echo, 0));
  said_.emplace(id, std::move(text));
}

void worker::publish() {
  auto how = stage_.pick(3);
  auto first = published_;
  published_ += how == 0 ? 1 : 2;
  ask(lane_of(how, lane::here), "app::soak:publish",
      publication(job_.publisher, first, how),
      note(errand::publish, published_));
}

void worker::publish_by_desk() {
  auto how = stage_.pick(3);
  ask(lane_of(how, lane::desk), "app::desk:publish",
      R"({"how":")" + std::string{ways[how]} + "\"}",
      note(errand::desk_publish, 0));
}

// -- hearing ------------------------------------------------------------------

void worker::answered(const question& what, const load::wire_message& answer) {
  ++answers_;
  auto number = what.note >> 8;
  auto is_error = answer.topic == "error";
  switch (static_cast<errand>(what.note & 0xFF)) {
    case errand::subscribe:
      return subscribe();
    case errand::echo: {
      auto said = said_.extract(what.id);
      if (!is_error && answer.payload != said.mapped())
        fault("an answer is the answer to its request", answer.payload);
      return;
    }
    case errand::publish:
      // What a handler does comes when the handler runs; who is refused has
      // published nothing.
      if (!is_handled() && !is_error && heard_[job_.publisher].next() < number)
        fault("what a strategy publishes comes to its client before its reply",
              "event " + std::to_string(number - 1)
                + " has not come when its reply does");
      return;
    case errand::desk_publish: {
      auto payload = answer.payload;
      auto heard = heard_.find(1);
      if (heard != heard_.end() && !is_handled()
          && load::take_number(payload, number)
          && heard->second.next() < number)
        fault("what a hosted strategy publishes comes to its client before its "
              "reply",
              "event " + std::to_string(number - 1)
                + " has not come when its reply does");
    }
  }
}

void worker::heard(const load::wire_message& event) {
  std::string_view expected = is_handled() ? "soak:heard" : "soak:event";
  if (event.topic != expected) {
    fault(is_handled() ? "who has a handler gets no raw event"
                       : "a client gets no event that it is not subscribed to",
          event.topic);
    return;
  }
  auto payload = event.payload;
  std::uint64_t publisher = 0;
  std::uint64_t number = 0;
  if (!load::take_prefix(payload, R"({"from":)")
      || !load::take_number(payload, publisher)
      || !load::take_prefix(payload, R"(,"n":)")
      || !load::take_number(payload, number) || payload != "}") {
    fault("an event is what was published", event.payload);
    return;
  }
  ++stage_.done().events;
  count(publisher, number);
}

void worker::count(std::uint64_t publisher, std::uint64_t number) {
  // Of others it hears from where it came in.
  auto first = job_.hears_all ? 0 : number;
  auto& x = heard_.try_emplace(publisher, first).first->second;
  auto verdict = x.heard(number);
  if (verdict == event_track::verdict::right)
    return;
  fault(verdict == event_track::verdict::late
          ? "events of a publisher come in order"
          : "an event comes once",
        "event " + std::to_string(number) + " of publisher "
          + std::to_string(publisher) + " after event "
          + std::to_string(x.next() - 1));
}

void worker::ended(std::string_view failure) {
  client::ended(failure);
  if (stage_.ending || !failure.empty())
    return;
  for (auto& [publisher, x] : heard_)
    if (auto missing = x.missing())
      fault("no event is missed", "event " + std::to_string(*missing)
                                    + " of publisher "
                                    + std::to_string(publisher));
  auto& own = heard_[job_.publisher];
  if (settled_ && !is_handled() && own.next() < published_)
    fault("no event is missed", "its own event " + std::to_string(own.next()));
}

} // namespace flamigo::soak
