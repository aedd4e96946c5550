#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <caf/actor.hpp>

#include "flamigo/client/client_environment.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/presence/presence_change.hpp"
#include "flamigo/testing/actor_fixture.hpp"
#include "flamigo/testing/channel_place.hpp"
#include "flamigo/testing/detail/decode.hpp"
#include "flamigo/testing/error_frame.hpp"
#include "flamigo/wire/close_reason.hpp"

namespace flamigo::testing {

namespace detail {

class fake_connection;

} // namespace detail

/// A client without a socket: it says what a client says, to a real connection
/// actor, and keeps what it hears until a test expects it. `app::connect` makes
/// one.
///
/// Every `expect_...` lets the actors run first, takes what it was looking for
/// out of what was heard, in whatever order that came, and throws a `failure`
/// when it is not there. It never waits: see `app::advance`.
///
/// It disconnects when it is destroyed, which may be before or after the app
/// is: an app that ends disconnects its clients, and they can still be asked
/// what they have heard.
class fake_client {
public:
  /// In a fixture that is no app, and outlives the client. `token` is what the
  /// client shows when it connects, `id` the id of the connection.
  fake_client(actor_fixture& in, const client_environment& env,
              std::string token = {}, std::string id = "c1");

  /// What was moved from may be assigned to or destroyed, nothing else.
  fake_client(fake_client&&) noexcept;

  fake_client& operator=(fake_client&&) noexcept;

  ~fake_client();

  // -- saying -----------------------------------------------------------------

  /// Sends a request and lets the actors run. Returns its ackId, by which the
  /// reply is expected. The payload is anything that JSON can be made of;
  /// `raw_json{"..."}` is JSON as it is.
  template <class T>
  int send(std::string_view topic, const T& payload) {
    return send_json(topic, to_json(payload));
  }

  /// The same with the payload `null`.
  int send(std::string_view topic) {
    return send_json(topic, "null");
  }

  /// Sends a request and expects its reply.
  template <class Out = raw_json, class In>
  Out call(std::string_view topic, const In& payload) {
    return expect_reply<Out>(send(topic, payload));
  }

  /// The same with the payload `null`.
  template <class Out = raw_json>
  Out call(std::string_view topic) {
    return expect_reply<Out>(send(topic));
  }

  /// Cancels a request that was sent, which is answered with 499 then. Returns
  /// whether it was under way.
  bool cancel(int ref);

  /// Sends a text message as it is, and lets no other actor run: for what is
  /// malformed, and for messages that are to meet on their way.
  void say(std::string_view text);

  /// Answers the request of the server that was expected last, and lets the
  /// actors run.
  template <class T>
  void answer(const T& payload) {
    answer_json("payload", to_json(payload));
  }

  /// The same with an error.
  void refuse(std::string_view message, int status, std::string_view code);

  // -- hearing ----------------------------------------------------------------

  /// The result of a request. With `void`, it must be `null`.
  template <class T = raw_json>
  T expect_reply(int ref) {
    return detail::decode<T>(reply_to(ref), take_reply(ref));
  }

  /// The items that have come of an answer in parts and were not expected
  /// before, in their order; perhaps none. Its end is expected by
  /// `expect_reply` or `expect_error`.
  template <class T = raw_json>
  std::vector<T> expect_items(int ref) {
    run();
    std::vector<T> result;
    while (auto what = take_item(ref))
      result.push_back(detail::decode<T>(item_of(ref), *what));
    return result;
  }

  /// The error that a request was answered with. The status must be this one.
  error_frame expect_error(int ref, int status);

  /// The next event with this topic. An error that answers no request, such as
  /// that of a malformed message, comes as the event `error`, an `error_frame`.
  template <class T = raw_json>
  T expect_push(std::string_view topic) {
    return detail::decode<T>(push_of(topic), take_push(topic));
  }

  /// What the server asks the client under this topic, which `answer` or
  /// `refuse` answers.
  template <class T = raw_json>
  T expect_request(std::string_view topic) {
    return detail::decode<T>(request_of(topic), take_request(topic));
  }

  /// Everything that was heard has been expected.
  void expect_nothing();

  /// The server has closed the connection with this code.
  close_reason expect_close(int code);

  /// The same with a code of the framework.
  close_reason expect_close(close_code code) {
    return expect_close(static_cast<int>(code));
  }

  /// All text messages that nobody has expected yet, as they are; they count as
  /// expected then. Lets nothing run.
  std::vector<std::string> heard();

  // -- channels ---------------------------------------------------------------

  /// Subscribes to a channel, and expects that it may. From then on the client
  /// remembers where it is, as a page does. Subscribed before, it says so, and
  /// recovers.
  channel_place subscribe(std::string_view topic) {
    return subscribe_with(topic, {}, false);
  }

  /// The same with an input for the channel's `join`.
  template <class T>
  channel_place subscribe(std::string_view topic, const T& input) {
    return subscribe_with(topic, raw_json{to_json(input)}, false);
  }

  /// As `subscribe`, and asks who is there, which the channel must show.
  channel_place watch(std::string_view topic) {
    return subscribe_with(topic, {}, true);
  }

  /// The same with an input for the channel's `join` and for what the client
  /// shows of itself.
  template <class T>
  channel_place watch(std::string_view topic, const T& input) {
    return subscribe_with(topic, raw_json{to_json(input)}, true);
  }

  /// The next change of who is there, in a channel that the client watches. The
  /// server tells of it when its interval has passed (`app::advance`).
  presence_change expect_presence(std::string_view topic);

  /// Who is there as far as the client knows: the list that it was given, with
  /// the changes that were expected since.
  const std::vector<presence_entry>& people(std::string_view topic) const;

  /// Takes that back, and forgets where it was.
  void unsubscribe(std::string_view topic);

  /// The server has said by itself where the client is in this channel: the
  /// program has subscribed it, or it has missed something for good.
  channel_place expect_subscribed(std::string_view topic);

  /// The next event of a channel with a history. It must be the one behind the
  /// last.
  template <class T = raw_json>
  T expect_event(std::string_view topic) {
    return detail::decode<T>(event_of(topic), take_event(topic));
  }

  /// Loses the connection, and with it what was heard and not expected.
  void lose();

  /// Connects again, and subscribes again to all that it was subscribed to, as
  /// the same user. Returns whether it gets all that it has missed.
  bool recover();

  // -- the connection ---------------------------------------------------------

  /// The peer goes, and the actors learn of it. Does nothing when the
  /// connection has ended.
  void disconnect(const close_reason& why = {close_code::going_away,
                                             "the client went away"});

  /// Reads nothing from now on: what the server sends from now on waits for
  /// it, and is not heard. Streams wait as they would for a slow socket, but
  /// nobody is closed for being slow.
  void stop_reading();

  /// Reads what waits, lets the actors run, and does not read on.
  void read_waiting();

  /// Reads again, and lets the actors run.
  void read_on();

  /// Why the server has closed the connection, if it has.
  const std::optional<close_reason>& closed() const noexcept;

  /// The connection actor, or null when the connection has ended.
  const caf::actor& handle() const noexcept;

private:
  friend class app;

  int send_json(std::string_view topic, const std::string& payload);

  raw_json take_reply(int ref);

  std::optional<raw_json> take_item(int ref);

  std::string item_of(int ref) const;

  void run();

  void answer_json(std::string_view member, const std::string& what);

  raw_json take_push(std::string_view topic);

  raw_json take_request(std::string_view topic);

  channel_place subscribe_with(std::string_view topic,
                               std::optional<raw_json> input, bool watches);

  raw_json take_event(std::string_view topic);

  static std::string event_of(std::string_view topic);

  static std::string request_of(std::string_view topic);

  std::string reply_to(int ref) const;

  static std::string push_of(std::string_view topic);

  /// What a failure says after "expected ...".
  [[noreturn]] void fail(const std::string& expected,
                         const std::string& instead) const;

  std::shared_ptr<detail::fake_connection> connection_;
};

} // namespace flamigo::testing
