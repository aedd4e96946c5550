#pragma once

#include <cstdint>
#include <string>

#include <boost/describe/class.hpp>

#include <flamigo/topic/topic.hpp>
#include <flamigo/wire/client_message.hpp>

namespace flamigo::soak {

/// Who publishes, besides the clients.
inline constexpr std::uint64_t from_thread = 0;
inline constexpr std::uint64_t from_desk = 1;

/// Publishers below this number are heard by all, others by whom they name.
inline constexpr std::uint64_t publishers = 64;

/// What a publisher publishes, numbered from zero, so that whoever hears it
/// knows what it has missed.
struct numbered_event {
  std::uint64_t from;
  std::uint64_t n;

  flamigo::topic topics() const {
    return flamigo::topic{(from < publishers ? "soak/" : "room/")
                          + std::to_string(from)};
  }

  flamigo::client_message to_client() const {
    return flamigo::make_client_message("soak:event", *this);
  }
};

BOOST_DESCRIBE_STRUCT(numbered_event, (), (from, n))

/// The same, about a kilobyte each, published faster than anybody can hear it.
struct loud_event {
  std::uint64_t n;

  flamigo::topic topics() const {
    return flamigo::topic{"loud"};
  }

  flamigo::client_message to_client() const {
    return {"soak:loud",
            {"{\"n\":" + std::to_string(n) + ",\"text\":\""
             + std::string(1000, '!') + "\"}"}};
  }
};

BOOST_DESCRIBE_STRUCT(loud_event, (), (n))

} // namespace flamigo::soak
