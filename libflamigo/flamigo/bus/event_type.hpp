#pragma once

#include <concepts>
#include <optional>
#include <vector>

#include "flamigo/described/described.hpp"
#include "flamigo/described/detail/named_member.hpp"
#include "flamigo/topic/topic.hpp"
#include "flamigo/wire/client_message.hpp"

namespace flamigo {

namespace detail {

template <class T>
concept topics_result = std::same_as<T, topic> || requires(const T& xs) {
  { *xs.begin() } -> std::convertible_to<const topic&>;
  xs.end();
};

} // namespace detail

/// A struct that can be published: described, with the topics that it is
/// published under.
///
///   struct posted {
///     std::string room;
///     std::string text;
///
///     flamigo::topic topics() const {        // or a std::vector of them
///       return flamigo::topic{"rooms/" + room};
///     }
///
///     flamigo::client_message to_client() const {             // optional
///       return flamigo::make_client_message("chat:message", *this);
///     }
///   };
///   BOOST_DESCRIBE_STRUCT(posted, (), (room, text))
///
/// Where several nodes share their bus, it reaches subscribers on all of them
/// as far as it is made of what JSON has; one that says `static constexpr bool
/// stays_on_node = true;` does not leave its process.
///
/// `to_client` makes it an event that clients get, too; it may return a
/// `std::optional<client_message>`. Both are called once an event, on the
/// thread that publishes, and may throw: nothing is published then.
template <class T>
concept event_type = described_struct<T> && requires(const T& x) {
  { x.topics() } -> detail::topics_result;
};

/// An event that clients get.
template <class T>
concept client_event_type = event_type<T> && requires(const T& x) {
  { x.to_client() } -> std::convertible_to<std::optional<client_message>>;
};

namespace detail {

struct topics_probe {
  int topics;

  template <class T>
  static constexpr bool is_type = requires {
    static_cast<struct T::topics*>(nullptr);
  };

  template <class T>
  static constexpr bool is_named = requires {
    &T::topics;
  };

  template <class T, class... Ts>
  static constexpr bool is_called = requires(T& x, Ts... args) {
    x.topics(args...);
  };
};

/// A struct with a `topics` that is not called as it is written.
template <class T>
concept wrongly_topics
  = described_struct<T> && !event_type<T> && !describes<T>("topics")
    && has_named<T, topics_probe>();

struct to_client_probe {
  int to_client;

  template <class T>
  static constexpr bool is_type = requires {
    static_cast<struct T::to_client*>(nullptr);
  };

  template <class T>
  static constexpr bool is_named = requires {
    &T::to_client;
  };

  template <class T, class... Ts>
  static constexpr bool is_called = requires(T& x, Ts... args) {
    x.to_client(args...);
  };
};

/// A struct with a `to_client` that is not called as it is written.
template <class T>
concept wrongly_to_client
  = described_struct<T> && !client_event_type<T> && !describes<T>("to_client")
    && has_named<T, to_client_probe>();

} // namespace detail

} // namespace flamigo
