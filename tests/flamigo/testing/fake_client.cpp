#include "flamigo/testing/fake_client.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include <boost/describe/class.hpp>

#include "flamigo/claims/claims.hpp"
#include "flamigo/testing/detail/fake_connection.hpp"
#include "flamigo/testing/detail/frame.hpp"
#include "flamigo/testing/failure.hpp"
#include "flamigo/wire/envelope.hpp"

namespace flamigo::testing {

namespace {

claims_ptr claims_of(std::string id) {
  auto result = std::make_shared<claims>();
  result->type = claims_type::websocket;
  result->protocol = client_protocol::flamigo;
  result->transport = client_transport::websocket;
  result->connection_id = std::move(id);
  result->interface = "ws";
  result->remote_address = "127.0.0.1:4711";
  return result;
}

/// Takes the first frame that is wanted out of those that were heard.
template <class Predicate>
std::optional<detail::frame>
take(std::vector<std::string>& frames, Predicate wanted) {
  for (auto i = frames.begin(); i != frames.end(); ++i) {
    auto what = from_json<detail::frame>(*i);
    if (what && wanted(*what)) {
      frames.erase(i);
      return std::move(*what);
    }
  }
  return std::nullopt;
}

std::optional<detail::frame> take_answer(std::vector<std::string>& frames,
                                         int ref) {
  return take(frames, [id = std::to_string(ref)](auto& what) {
    return what.ackId && what.ackId->text == id && !what.more;
  });
}

struct since_input {
  std::string epoch;
  std::uint64_t offset;
};

BOOST_DESCRIBE_STRUCT(since_input, (), (epoch, offset))

struct channel_input {
  std::string topic;
  std::optional<since_input> since;
  std::optional<raw_json> input;
  std::optional<bool> presence;
};

BOOST_DESCRIBE_STRUCT(channel_input, (), (topic, since, input, presence))

struct gone_key {
  std::string key;
};

BOOST_DESCRIBE_STRUCT(gone_key, (), (key))

/// What a client is told of others; see docs/protocol.md.
struct presence_note {
  std::string topic;
  std::vector<presence_entry> joined;
  std::vector<gone_key> left;
};

BOOST_DESCRIBE_STRUCT(presence_note, (), (topic, joined, left))

void bring_up_to_date(std::vector<presence_entry>& people,
                      const presence_change& what) {
  auto is_gone = [&what](auto& x) {
    return std::find(what.left.begin(), what.left.end(), x.key)
           != what.left.end();
  };
  std::erase_if(people, is_gone);
  for (auto& x : what.joined) {
    auto same = std::find_if(people.begin(), people.end(),
                             [&x](auto& y) { return y.key == x.key; });
    if (same != people.end())
      *same = x;
    else
      people.push_back(x);
  }
}

} // namespace

fake_client::fake_client(actor_fixture& in, const client_environment& env,
                         std::string token, std::string id)
  : connection_(std::make_shared<detail::fake_connection>(in)) {
  connection_->open(env, claims_of(std::move(id)), std::move(token));
}

fake_client::fake_client(fake_client&&) noexcept = default;

fake_client& fake_client::operator=(fake_client&&) noexcept = default;

fake_client::~fake_client() = default;

// -- saying -------------------------------------------------------------------

int fake_client::send_json(std::string_view topic, const std::string& payload) {
  auto& requests = connection_->requests;
  requests.emplace_back(topic);
  auto ref = static_cast<int>(requests.size());
  // A request looks like its reply.
  std::string text;
  append_response(text, topic, payload, std::to_string(ref));
  say(text);
  connection_->run();
  return ref;
}

bool fake_client::cancel(int ref) {
  raw_json payload{R"({"ackId":)" + std::to_string(ref) + "}"};
  auto answer = call("app::websocket:cancel", payload);
  return answer.text == R"({"cancelled":true})";
}

void fake_client::say(std::string_view text) {
  connection_->say(text);
}

void fake_client::answer_json(std::string_view member,
                              const std::string& what) {
  auto id = std::exchange(connection_->asked, {});
  if (id.empty())
    throw failure{"answer() and refuse() are for what expect_request() has "
                  "found, each once"};
  say(R"({"requestId":)" + to_json(id) + ",\"" + std::string{member}
      + "\":" + what + "}");
  connection_->run();
}

void fake_client::refuse(std::string_view message, int status,
                         std::string_view code) {
  error_frame why;
  why.message = message;
  why.status = status;
  why.code = code;
  answer_json("error", to_json(why));
}

// -- hearing ------------------------------------------------------------------

raw_json fake_client::take_reply(int ref) {
  connection_->run();
  auto what = take_answer(connection_->frames, ref);
  if (!what)
    fail(reply_to(ref), "none has come");
  if (what->is_error())
    fail(reply_to(ref), "it is the error " + what->payload.text);
  return std::move(what->payload);
}

void fake_client::run() {
  connection_->run();
}

std::optional<raw_json> fake_client::take_item(int ref) {
  auto what = take(connection_->frames, [id = std::to_string(ref)](auto& x) {
    return x.ackId && x.ackId->text == id && x.more;
  });
  if (!what)
    return std::nullopt;
  return std::move(what->payload);
}

error_frame fake_client::expect_error(int ref, int status) {
  connection_->run();
  auto expected = "an error " + std::to_string(status) + " as " + reply_to(ref);
  auto what = take_answer(connection_->frames, ref);
  if (!what)
    fail(expected, "none has come");
  if (!what->is_error())
    fail(expected, "it is the result " + what->payload.text);
  auto result = detail::decode<error_frame>(expected, what->payload);
  if (result.status != status)
    fail(expected, "it is the error " + what->payload.text);
  return result;
}

raw_json fake_client::take_push(std::string_view topic) {
  connection_->run();
  auto what = take(connection_->frames, [topic](auto& x) {
    return !x.ackId && !x.requestId && x.topic == topic;
  });
  if (!what)
    fail(push_of(topic), "none has come");
  return std::move(what->payload);
}

raw_json fake_client::take_request(std::string_view topic) {
  connection_->run();
  auto what = take(connection_->frames, [topic](auto& x) {
    return x.requestId && x.topic == topic;
  });
  if (!what)
    fail(request_of(topic), "none has come");
  connection_->asked = std::move(*what->requestId);
  return std::move(what->payload);
}

void fake_client::expect_nothing() {
  connection_->run();
  if (!connection_->frames.empty())
    fail("nothing more", "something has come");
}

close_reason fake_client::expect_close(int code) {
  connection_->run();
  auto& why = connection_->closed;
  if (!why || why->code != code)
    fail("the server to close the connection with " + std::to_string(code),
         why        ? "it has closed it for another reason"
         : handle() ? "it is open"
                    : "the client has disconnected before");
  return *why;
}

std::vector<std::string> fake_client::heard() {
  return std::exchange(connection_->frames, {});
}

// -- channels -----------------------------------------------------------------

channel_place fake_client::subscribe_with(std::string_view topic,
                                          std::optional<raw_json> input,
                                          bool watches) {
  channel_input what{std::string{topic}, std::nullopt, std::move(input), {}};
  if (watches)
    what.presence = true;
  auto& all = connection_->channels;
  if (auto i = all.find(what.topic); i != all.end() && i->second.at.epoch)
    what.since = since_input{*i->second.at.epoch, *i->second.at.offset};
  auto result = call<channel_place>("app::websocket:subscribe", what);
  auto& mine = all[what.topic];
  if (!result.recovered.value_or(false))
    mine.at = result;
  mine.input = std::move(what.input);
  mine.watches = mine.watches || watches;
  if (watches && !result.presence)
    throw failure{"watch(\"" + what.topic
                  + "\") is for a channel with presence: declare it with "
                    ".presence"};
  if (result.presence)
    mine.people = *result.presence;
  return result;
}

void fake_client::unsubscribe(std::string_view topic) {
  channel_input what{std::string{topic}, std::nullopt, std::nullopt, {}};
  call<void>("app::websocket:unsubscribe", what);
  connection_->channels.erase(what.topic);
}

channel_place fake_client::expect_subscribed(std::string_view topic) {
  connection_->run();
  auto what = take(connection_->frames, [topic](auto& x) {
    return !x.ackId && x.topic == "subscribed"
           && detail::decode<channel_place>("a place", x.payload).topic
                == topic;
  });
  std::string expected{"to be told where it is in " + std::string{topic}};
  if (!what)
    fail(expected, "nothing has come");
  auto result = detail::decode<channel_place>(expected, what->payload);
  connection_->channels[result.topic].at = result;
  return result;
}

raw_json fake_client::take_event(std::string_view topic) {
  connection_->run();
  std::string name{topic};
  auto& all = connection_->channels;
  auto mine = all.find(name);
  if (mine == all.end() || !mine->second.at.offset)
    throw failure{"expect_event(\"" + name
                  + "\") is for a channel with a history that the client is "
                    "subscribed to: of another one use expect_push"};
  auto what = take(connection_->frames, [&name](auto& x) {
    return x.offsets && x.offsets->count(name) > 0;
  });
  if (!what)
    fail(event_of(topic), "none has come");
  auto next = *mine->second.at.offset + 1;
  if (auto offset = what->offsets->at(name); offset != next)
    fail(event_of(topic) + " with the offset " + std::to_string(next),
         "that of " + std::to_string(offset) + " has come");
  for (auto& [channel, offset] : *what->offsets)
    if (auto i = all.find(channel); i != all.end())
      i->second.at.offset = offset;
  return std::move(what->payload);
}

presence_change fake_client::expect_presence(std::string_view topic) {
  connection_->run();
  std::string expected{"to be told of others in " + std::string{topic}};
  presence_note note;
  auto what = take(connection_->frames, [&](auto& x) {
    if (x.ackId || x.topic != "presence")
      return false;
    note = detail::decode<presence_note>(expected, x.payload);
    return note.topic == topic;
  });
  if (!what)
    fail(expected, "nothing has come");
  presence_change result{note.topic, 0, std::move(note.joined), {}};
  for (auto& x : note.left)
    result.left.push_back(x.key);
  if (auto mine = connection_->channels.find(note.topic);
      mine != connection_->channels.end())
    bring_up_to_date(mine->second.people, result);
  return result;
}

const std::vector<presence_entry>&
fake_client::people(std::string_view topic) const {
  auto mine = connection_->channels.find(std::string{topic});
  if (mine == connection_->channels.end())
    throw failure{"people(\"" + std::string{topic}
                  + "\") is for a channel that the client watches"};
  return mine->second.people;
}

void fake_client::lose() {
  disconnect({close_code::going_away, "the connection is lost"});
  connection_->frames.clear();
}

bool fake_client::recover() {
  if (handle())
    throw failure{"recover() is for a client that has lost its connection"};
  connection_->open_again();
  connection_->run();
  auto result = true;
  // What they were when it was lost.
  auto channels = connection_->channels;
  for (auto& [topic, x] : channels)
    result = subscribe_with(topic, x.input, x.watches).recovered.value_or(false)
             && result;
  return result;
}

// -- the connection -----------------------------------------------------------

void fake_client::stop_reading() {
  connection_->reads(false);
}

void fake_client::read_waiting() {
  connection_->read();
  connection_->run();
}

void fake_client::read_on() {
  connection_->reads(true);
  read_waiting();
}

void fake_client::disconnect(const close_reason& why) {
  connection_->end(why);
  connection_->run();
}

const std::optional<close_reason>& fake_client::closed() const noexcept {
  return connection_->closed;
}

const caf::actor& fake_client::handle() const noexcept {
  return connection_->actor();
}

// -- failures -----------------------------------------------------------------

std::string fake_client::reply_to(int ref) const {
  auto& requests = connection_->requests;
  auto index = static_cast<std::size_t>(ref) - 1;
  auto topic = index < requests.size() ? requests[index] : "a request";
  return "the reply to " + topic + " (ackId " + std::to_string(ref) + ")";
}

std::string fake_client::item_of(int ref) const {
  return "an item of " + reply_to(ref);
}

std::string fake_client::push_of(std::string_view topic) {
  return "an event \"" + std::string{topic} + "\"";
}

std::string fake_client::event_of(std::string_view topic) {
  return "an event of the channel \"" + std::string{topic} + "\"";
}

std::string fake_client::request_of(std::string_view topic) {
  return "a request of the server, \"" + std::string{topic} + "\"";
}

void fake_client::fail(const std::string& expected,
                       const std::string& instead) const {
  auto text = "expected " + expected + ", but " + instead;
  if (auto& why = connection_->closed)
    text += "\nthe server has closed the connection with "
            + std::to_string(why->code) + ": " + why->reason;
  if (!connection_->frames.empty())
    text += "\nheard meanwhile:";
  for (auto& frame : connection_->frames)
    text += "\n  " + frame;
  throw failure{text};
}

} // namespace flamigo::testing
