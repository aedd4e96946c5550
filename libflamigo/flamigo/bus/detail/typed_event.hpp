#pragma once

#include <concepts>
#include <memory>
#include <utility>

#include "flamigo/bus/detail/received_event.hpp"
#include "flamigo/bus/event.hpp"
#include "flamigo/bus/event_type.hpp"
#include "flamigo/described/detail/short_name.hpp"
#include "flamigo/error/detail/guarded.hpp"

namespace flamigo::detail {

template <event_type T>
class typed_event final : public event {
public:
  typed_event(acting_actor cause, T content)
    : event(std::move(cause), kind_of<T>()), value_(std::move(content)) {
    content_ = &value_;
  }

private:
  std::vector<topic> topics_of_content() const override {
    using topics = decltype(value_.topics());
    if constexpr (std::same_as<topics, topic>) {
      return {value_.topics()};
    } else if constexpr (std::same_as<topics, std::vector<topic>>) {
      return value_.topics();
    } else {
      auto all = value_.topics();
      return {all.begin(), all.end()};
    }
  }

  std::optional<client_message> message_of_content() const override {
    if constexpr (client_event_type<T>)
      return value_.to_client();
    else
      return {};
  }

  T value_;
};

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
    return prepare_event(std::make_shared<typed_event<T>>(std::move(cause),
                                                          std::move(content)),
                         short_name_view<T>());
  }
}

} // namespace flamigo::detail
