#pragma once

#include <algorithm>
#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "flamigo/error/error.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/remote/detail/remote_session.hpp"
#include "flamigo/remote/remote_error.hpp"
#include "support/wire.hpp"

namespace flamigo::test {

/// A session of a client whose time, chance and sockets are the test's.
class remote_fixture {
public:
  using json_function = std::function<void(caf::expected<std::string>)>;

  explicit remote_fixture(remote_options options = {}) {
    if (!options.on_state)
      options.on_state = [this](const remote_state& what) {
        states.push_back(to_string(what.phase));
        reason = what.reason;
        retry_in = what.retry_in;
      };
    session.emplace(
      std::move(options), timers, [this] { return chance; },
      [this](detail::remote_socket_events& events) { return make(events); });
  }

  // -- the server's end -------------------------------------------------------

  /// The socket opens.
  void take() {
    server->opened();
  }

  /// The server says this.
  void say(const std::string& text) {
    server->heard(text);
  }

  /// It answers the request of this ackId.
  void reply(std::string_view payload, int ack_id) {
    say(R"({"topic":"t","payload":)" + std::string{payload} + R"(,"ackId":")"
        + std::to_string(ack_id) + R"("})");
  }

  void refuse(int status, std::string_view code, int ack_id) {
    say(R"({"topic":"error","payload":{"message":"no","status":)"
        + std::to_string(status) + R"(,"code":")" + std::string{code}
        + R"("},"ackId":")" + std::to_string(ack_id) + R"("})");
  }

  /// The socket ends.
  void lose(std::uint16_t code = 1006, const std::string& why = {}) {
    std::exchange(server, nullptr)->ended(code, why);
  }

  /// What was sent since.
  strings sent() {
    return std::exchange(sent_, {});
  }

  /// One message was sent since, this one.
  std::string said() {
    auto all = sent();
    return all.size() == 1 ? all.front()
                           : std::to_string(all.size()) + " texts";
  }

  // -- the client's end -------------------------------------------------------

  /// With a connection.
  void begin() {
    session->open();
    take();
    states.clear();
  }

  std::uint64_t call(const std::string& topic, json_function then,
                     const remote_call_options& how = {}) {
    detail::remote_request what;
    what.topic = topic;
    what.payload = [] { return std::string{"null"}; };
    what.idempotent = how.idempotent;
    what.done = std::move(then);
    return session->call(std::move(what), how);
  }

  /// Writes down how it ends.
  std::uint64_t call(const std::string& topic,
                     const remote_call_options& how = {}) {
    return call(
      topic,
      [this](const caf::expected<std::string>& what) {
        results.push_back(what ? *what : code_of(what.error()));
      },
      how);
  }

  std::shared_ptr<detail::remote_use>
  join(const std::string& topic, const remote_join_options& how = {}) {
    auto use = std::make_shared<detail::remote_use>();
    use->on_joined = [this](const remote_joined& what) {
      joined.push_back(what);
    };
    use->on_left = [this](const caf::error& why) {
      results.push_back("left " + code_of(why));
    };
    use->events.add("note",
                    std::make_shared<detail::remote_ear>(
                      [this](const std::string& text, const remote_place&) {
                        heard.push_back(text);
                      }));
    session->channels().join(topic, use, std::nullopt, how);
    return use;
  }

  /// An event of the channel `c`.
  void note(int offset) {
    say(R"({"topic":"note","payload":)" + std::to_string(offset)
        + R"(,"offsets":{"c":)" + std::to_string(offset) + "}}");
  }

  /// Time passes, with all that falls due in it.
  void pass(caf::timespan time) {
    auto end = now + time;
    for (auto next = timers.next(); next && *next <= end;
         next = timers.next()) {
      now = std::max(now, *next);
      timers.run_due();
    }
    now = end;
  }

  caf::timespan now = std::chrono::hours{1};
  double chance = 0.5;
  strings states;
  remote_reason reason;
  caf::timespan retry_in{0};
  strings results;
  strings heard;
  std::vector<remote_joined> joined;
  /// Sockets that were made, and those that were let go.
  int made = 0;
  int closed = 0;
  detail::remote_socket_events* server = nullptr;
  detail::remote_timers timers{[this] { return now; }, [](caf::timespan) {}};
  std::optional<detail::remote_session> session;

private:
  class socket final : public detail::remote_socket {
  public:
    explicit socket(remote_fixture& in) : in_(in) {
    }

    void send(std::string text) override {
      in_.sent_.push_back(std::move(text));
    }

    void close() override {
      ++in_.closed;
      in_.server = nullptr;
    }

  private:
    remote_fixture& in_;
  };

  std::unique_ptr<detail::remote_socket>
  make(detail::remote_socket_events& events) {
    ++made;
    server = &events;
    return std::make_unique<socket>(*this);
  }

  strings sent_;
};

} // namespace flamigo::test
