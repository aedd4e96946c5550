#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <boost/describe/class.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/remote/detail/remote_channel_texts.hpp"
#include "flamigo/remote/detail/remote_socket.hpp"
#include "flamigo/remote/detail/remote_timers.hpp"
#include "support/chance.hpp"
#include "support/wire.hpp"

namespace flamigo::test {

/// What is published: a number, and in which channels.
struct world_note {
  int n = 0;
  strings where{};
};

BOOST_DESCRIBE_STRUCT(world_note, (), (n, where))

/// What a client says; an answer has no topic.
struct world_frame {
  std::optional<std::string> topic{};
  std::optional<raw_json> payload{};
  std::optional<std::string> ackId{};     // NOLINT: as on the wire
  std::optional<std::string> requestId{}; // NOLINT: as on the wire
};

BOOST_DESCRIBE_STRUCT(world_frame, (), (topic, payload, ackId, requestId))

/// A token as this server reads it: until when it is good, by the clock, and
/// whether the server says so.
struct world_token {
  std::int64_t end_ms = 0;
  bool is_known = false;
};

BOOST_DESCRIBE_STRUCT(world_token, (), (end_ms, is_known))

/// How it is shown.
struct world_login {
  std::string token{};
};

BOOST_DESCRIBE_STRUCT(world_login, (), (token))

/// A server and a network that live by a test's clock: what they say takes a
/// while, is held up and lost, as chance has it. The server keeps what is
/// published and counts what it does, as docs/protocol.md says.
class remote_world {
public:
  using milliseconds = std::chrono::milliseconds;

  remote_world(detail::remote_timers& clock, chance& any)
    : clock_(clock), any_(any) {
  }

  remote_world(const remote_world&) = delete;

  remote_world& operator=(const remote_world&) = delete;

  /// What is on its way holds the line that it is on.
  ~remote_world() {
    for (auto& x : lines_) {
      x->up.waiting.clear();
      x->down.waiting.clear();
    }
  }

  // -- the network ------------------------------------------------------------

  std::unique_ptr<detail::remote_socket>
  connect(detail::remote_socket_events& client) {
    auto made = std::make_shared<line>();
    made->client = &client;
    lines_.push_back(made);
    carry(made, &line::down, [this, made] {
      if (!is_up)
        return cut(made);
      made->is_open = true;
      made->client->opened();
    });
    return std::make_unique<socket>(*this, made);
  }

  /// Both ends hear of it; what is on its way is lost.
  void cut() {
    if (!lines_.empty())
      cut(lines_.back());
  }

  /// Nothing comes through for so long.
  void hold(caf::timespan time) {
    if (!lines_.empty())
      lines_.back()->held_until = clock_.now() + time;
  }

  std::size_t connections() const noexcept {
    return lines_.size();
  }

  // -- the server -------------------------------------------------------------

  /// In one channel, or in several.
  void publish(const world_note& what) {
    auto made = std::make_shared<event>();
    made->note = what;
    for (auto& name : what.where) {
      auto& log = logs_[name].events;
      log.push_back(made);
      made->places.emplace_back(name, log.size());
    }
    for (auto& x : lines_)
      if (!x->is_cut)
        deliver(x, made);
  }

  /// Asks the client, which is to answer with what it is asked.
  void ask(int what) {
    if (lines_.empty() || lines_.back()->is_cut || !lines_.back()->is_open)
      return;
    auto id = std::to_string(++last_question_);
    lines_.back()->questions[id] = what;
    say(lines_.back(), R"({"topic":"q","payload":)" + std::to_string(what)
                         + R"(,"requestId":")" + id + R"("})");
  }

  /// All is forgotten, but what was done.
  void restart() {
    for (auto& x : lines_)
      if (!x->is_cut)
        end(x, 3001);
    for (auto& [name, log] : logs_) {
      ++log.epoch;
      log.events.clear();
    }
  }

  bool is_up = true;

  /// How often each job was done.
  std::map<int, int> done;

  /// Questions that were answered, and answers that were wrong or no answer to
  /// anything.
  int answered = 0;
  int wrong = 0;

private:
  struct event {
    world_note note;
    std::vector<std::pair<std::string, std::size_t>> places;
  };

  using event_ptr = std::shared_ptr<event>;

  /// A channel with a history; its first event is 1.
  struct channel_log {
    int epoch = 1;
    std::vector<event_ptr> events;
  };

  /// How far a connection is in one, and what it is taken to have had before.
  struct place {
    std::size_t at;
    std::size_t had;
  };

  /// What goes one way, and when the last of it arrives.
  struct way {
    std::deque<std::function<void()>> waiting{};
    caf::timespan last{0};
  };

  struct line {
    detail::remote_socket_events* client = nullptr;
    bool is_open = false;
    bool is_cut = false;
    /// Until then nothing comes through.
    caf::timespan held_until{0};
    way up;
    way down;
    // What the server knows of it.
    std::optional<world_token> token;
    std::map<std::string, place> places;
    std::set<event_ptr> sent;
    std::map<std::string, int> questions;
  };

  using line_ptr = std::shared_ptr<line>;

  class socket final : public detail::remote_socket {
  public:
    socket(remote_world& in, line_ptr on) : in_(in), on_(std::move(on)) {
    }

    void send(std::string text) override {
      in_.carry(on_, &line::up, [&in = in_, on = on_, text = std::move(text)] {
        in.hear(on, read<world_frame>(text));
      });
    }

    void close() override {
      on_->is_cut = true;
    }

  private:
    remote_world& in_;
    line_ptr on_;
  };

  // In the order in which it was said.
  void carry(const line_ptr& on, way line::*by, std::function<void()> f) {
    (*on.*by).waiting.push_back(std::move(f));
    arrive(on, by);
  }

  void arrive(const line_ptr& on, way line::*by) {
    auto& last = (*on.*by).last;
    last = std::max({last, clock_.now() + milliseconds{1 + any_(80)},
                     on->held_until + milliseconds{1}});
    clock_.start(last - clock_.now(), [this, on, by] {
      // Held up since.
      if (on->held_until > clock_.now())
        return arrive(on, by);
      auto& waiting = (*on.*by).waiting;
      auto next = std::move(waiting.front());
      waiting.pop_front();
      if (!on->is_cut)
        next();
    });
  }

  void say(const line_ptr& on, std::string text) {
    carry(on, &line::down,
          [on, text = std::move(text)] { on->client->heard(text); });
  }

  void end(const line_ptr& on, std::uint16_t code) {
    carry(on, &line::down, [on, code] {
      on->is_cut = true;
      on->client->ended(code, "");
    });
  }

  static void cut(const line_ptr& on) {
    if (!std::exchange(on->is_cut, true))
      on->client->ended(1006, "");
  }

  // -- what a client says -----------------------------------------------------

  template <class T>
  static T read(const std::string& text) {
    auto result = from_json<T>(text);
    if (!result)
      throw std::logic_error{trace_of(result.error()) + " in " + text};
    return std::move(*result);
  }

  void hear(const line_ptr& on, const world_frame& frame) {
    auto payload = frame.payload ? frame.payload->text : std::string{"null"};
    if (frame.requestId)
      return hear_answer(on, *frame.requestId, payload);
    auto& id = frame.ackId;
    if (frame.topic == "app::websocket:cancel") {
      if (id)
        reply(on, *id, R"({"cancelled":false})");
      return;
    }
    if (frame.topic == "app::websocket:auth")
      return admit(on, *id, payload);
    if (!on->token || on->token->end_ms <= now_ms()) {
      refuse(on, *id);
      if (on->token)
        end(on, 3005);
      return;
    }
    if (frame.topic == "app::websocket:subscribe")
      return subscribe(on, *id, read<detail::subscribe_text>(payload));
    auto times = ++done[read<int>(payload)];
    clock_.start(milliseconds{any_(300)}, [this, on, id = *id, times] {
      if (!on->is_cut)
        reply(on, id, std::to_string(times));
    });
  }

  void hear_answer(const line_ptr& on, const std::string& id,
                   const std::string& payload) {
    auto i = on->questions.find(id);
    if (i == on->questions.end() || payload != std::to_string(i->second))
      return void(++wrong);
    on->questions.erase(i);
    ++answered;
  }

  void reply(const line_ptr& on, const std::string& id,
             const std::string& payload) {
    say(on, R"({"topic":"t","payload":)" + payload + R"(,"ackId":")" + id
              + R"("})");
  }

  void refuse(const line_ptr& on, const std::string& id) {
    say(on, R"({"topic":"error","payload":{"message":"no","status":401,)"
            R"("code":"unauthorized"},"ackId":")"
              + id + R"("})");
  }

  void admit(const line_ptr& on, const std::string& id,
             const std::string& payload) {
    auto token = read<world_token>(read<world_login>(payload).token);
    if (token.end_ms <= now_ms())
      return refuse(on, id);
    auto is_new = !on->token;
    on->token = token;
    reply(on, id,
          token.is_known ? R"({"success":true,"expiresInMs":)"
                             + std::to_string(token.end_ms - now_ms()) + "}"
                         : std::string{R"({"success":true})"});
    if (!is_new)
      return;
    // The program's own.
    auto& all = logs_["all"];
    enter(on, "all", all.events.size());
    say(on,
        R"({"topic":"subscribed","payload":)"
          + to_json(detail::subscribed_text{.topic = "all",
                                            .epoch = std::to_string(all.epoch),
                                            .offset = all.events.size()})
          + "}");
  }

  static void enter(const line_ptr& on, const std::string& name,
                    std::size_t at) {
    on->places.insert_or_assign(name, place{at, at});
  }

  void subscribe(const line_ptr& on, const std::string& id,
                 const detail::subscribe_text& what) {
    auto& log = logs_[what.topic];
    auto newest = log.events.size();
    detail::subscribe_answer answer{.epoch = std::to_string(log.epoch),
                                    .offset = newest};
    auto at = newest;
    if (what.since) {
      answer.recovered = what.since->epoch == *answer.epoch
                         && what.since->offset <= newest;
      if (*answer.recovered)
        at = what.since->offset;
    }
    enter(on, what.topic, at);
    reply(on, id, to_json(answer));
    for (auto i = at; i < newest; ++i)
      deliver(on, log.events[i]);
  }

  /// Under each channel that waits for it; what was sent before it is not.
  void deliver(const line_ptr& on, const event_ptr& what) {
    remote_place offsets;
    auto is_known = on->sent.contains(what);
    for (auto& [name, offset] : what->places) {
      auto i = on->places.find(name);
      if (i == on->places.end())
        continue;
      // It has said that it has it.
      is_known |= offset <= i->second.had;
      if (offset != i->second.at + 1)
        continue;
      i->second.at = offset;
      offsets[name] = offset;
    }
    if (is_known || offsets.empty())
      return;
    on->sent.insert(what);
    say(on, R"({"topic":"note","payload":)" + to_json(what->note)
              + R"(,"offsets":)" + to_json(offsets) + "}");
  }

  std::int64_t now_ms() const {
    return std::chrono::floor<milliseconds>(clock_.now()).count();
  }

  detail::remote_timers& clock_;
  chance& any_;
  std::vector<line_ptr> lines_;
  std::map<std::string, channel_log> logs_;
  int last_question_ = 0;
};

} // namespace flamigo::test
