#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

namespace flamigo::soak {

/// How an event is published: one at once; two, the first by a copy of the
/// context; two, the first of which waits for its listeners.
enum class way {
  plain,
  copied,
  waiting
};

BOOST_DESCRIBE_ENUM(way, plain, copied, waiting)

/// Publish the events of this publisher from number `n` on.
struct publication {
  std::uint64_t from;
  std::uint64_t n;
  way how;
};

BOOST_DESCRIBE_STRUCT(publication, (), (from, n, how))

struct manner {
  way how;
};

BOOST_DESCRIBE_STRUCT(manner, (), (how))

struct subscription {
  std::string pattern;
};

BOOST_DESCRIBE_STRUCT(subscription, (), (pattern))

struct quantity {
  std::size_t bytes;
};

BOOST_DESCRIBE_STRUCT(quantity, (), (bytes))

struct duration {
  std::uint32_t ms;
};

BOOST_DESCRIBE_STRUCT(duration, (), (ms))

struct closing {
  std::uint16_t code;
};

BOOST_DESCRIBE_STRUCT(closing, (), (code))

} // namespace flamigo::soak
