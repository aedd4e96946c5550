#pragma once

#include <string_view>
#include <utility>

#include "flamigo/bus/event.hpp"
#include "flamigo/bus/event_type.hpp"
#include "flamigo/described/detail/short_name.hpp"
#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/error/error.hpp"

namespace flamigo::detail {

template <event_type T>
class typed_event final : public event {
public:
  typed_event(std::vector<topic> topics, acting_actor cause,
              std::optional<client_message> message, T content)
    : event(std::move(topics), std::move(cause), std::move(message), typeid(T)),
      value_(std::move(content)) {
    content_ = &value_;
  }

private:
  T value_;
};

template <event_type T>
std::vector<topic> topics_of(const T& x) {
  auto topics = x.topics();
  if constexpr (std::same_as<decltype(topics), topic>)
    return {std::move(topics)};
  else if constexpr (std::same_as<decltype(topics), std::vector<topic>>)
    return topics;
  else
    return {topics.begin(), topics.end()};
}

/// Says in the log that an event is not published, and returns why.
caf::error refused_event(caf::error why, std::string_view type);

/// Fails, and says so in the log, when the struct's functions throw or there is
/// no topic.
template <class T>
[[nodiscard]] caf::expected<event_ptr>
make_event(T content, acting_actor cause) {
  // A variable, so that the compiler has nothing to say but the sentence.
  constexpr bool publishable = event_type<T>;
  if constexpr (!publishable) {
    static_assert(publishable,
                  "flamigo: this type cannot be published. Describe the struct "
                  "with BOOST_DESCRIBE_STRUCT and give it a member function "
                  "topics() const that returns a flamigo::topic or a "
                  "std::vector of them");
    return caf::error{};
  } else {
    static_assert(!wrongly_to_client<T>,
                  "flamigo: the function to_client of this event is not one "
                  "that is called. Write it as a public "
                  "flamigo::client_message to_client() const, or return a "
                  "std::optional of that");
    static_assert(ends_quietly<T>,
                  "an event is destroyed by whoever holds it last, and must "
                  "not throw then: make its destructor noexcept");
    auto make = [&]() -> caf::expected<event_ptr> {
      auto topics = topics_of(content);
      if (topics.empty())
        return internal_error("an event needs at least one topic");
      std::optional<client_message> message;
      if constexpr (client_event_type<T>)
        message = content.to_client();
      return event_ptr{std::make_shared<typed_event<T>>(
        std::move(topics), std::move(cause), std::move(message),
        std::move(content))};
    };
    auto result = guarded(make, [](caf::error why) -> caf::expected<event_ptr> {
      return why;
    });
    if (!result)
      result = refused_event(std::move(result.error()), short_name_view<T>());
    return result;
  }
}

} // namespace flamigo::detail
