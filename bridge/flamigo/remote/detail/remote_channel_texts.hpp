#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "flamigo/json/json.hpp"
#include "flamigo/presence/presence_entry.hpp"
#include "flamigo/remote/remote_position.hpp"

/// What is said of channels (docs/protocol.md), as it is on the wire.
namespace flamigo::detail {

/// What a client asks to be in a channel.
struct subscribe_text {
  std::string topic{};
  std::optional<remote_position> since{};
  std::optional<raw_json> input{};
  std::optional<bool> presence{};
};

BOOST_DESCRIBE_STRUCT(subscribe_text, (), (topic, since, input, presence))

/// What a server answers to that.
struct subscribe_answer {
  std::optional<std::string> epoch{};
  std::optional<std::uint64_t> offset{};
  std::optional<bool> recovered{};
  std::optional<raw_json> result{};
  std::optional<std::vector<presence_entry>> presence{};
};

BOOST_DESCRIBE_STRUCT(subscribe_answer, (),
                      (epoch, offset, recovered, result, presence))

/// What a client asks to be in it no more.
struct unsubscribe_text {
  std::string topic{};
};

BOOST_DESCRIBE_STRUCT(unsubscribe_text, (), (topic))

/// Where in a channel the server has put us.
struct subscribed_text {
  std::string topic{};
  std::string epoch{};
  std::uint64_t offset = 0;
  std::optional<bool> recovered{};
};

BOOST_DESCRIBE_STRUCT(subscribed_text, (), (topic, epoch, offset, recovered))

/// We are in it no more.
struct unsubscribed_text {
  std::string topic{};
  std::string code{};
};

BOOST_DESCRIBE_STRUCT(unsubscribed_text, (), (topic, code))

/// Who has gone.
struct presence_key {
  std::string key{};
};

BOOST_DESCRIBE_STRUCT(presence_key, (), (key))

/// A change of who is there.
struct presence_text {
  std::string topic{};
  std::optional<std::vector<presence_entry>> joined{};
  std::optional<std::vector<presence_key>> left{};
};

BOOST_DESCRIBE_STRUCT(presence_text, (), (topic, joined, left))

} // namespace flamigo::detail
