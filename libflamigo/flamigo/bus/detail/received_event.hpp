#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "flamigo/bus/detail/event_kind.hpp"
#include "flamigo/bus/detail/travels.hpp"
#include "flamigo/bus/event.hpp"
#include "flamigo/bus/event_type.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/schema/detail/definition_name.hpp"

namespace flamigo::detail {

/// An event of another process. Its topics and what clients get of it are as
/// that one has said.
template <event_type T>
class received_event final : public event {
public:
  received_event(event_origin about, T content)
    : event(std::move(about.topics), std::move(about.cause),
            std::move(about.message), staying_kind<T>),
      value_(std::move(content)) {
    content_ = &value_;
  }

private:
  T value_;
};

template <class T>
void write_event(std::string& out, const void* content) {
  json_codec<T>::write(out, *static_cast<const T*>(content));
}

template <class T>
caf::expected<event_ptr>
read_event(std::string_view content, event_origin about) {
  T value{};
  if (auto err = from_json(content, value))
    return err;
  // Only its own type knows where the bytes are in what clients get.
  if constexpr (client_event_type<T>)
    if (about.message && about.holds_bytes)
      if (std::optional<client_message> made = value.to_client())
        about.message->bytes = made->bytes;
  return event_ptr{
    std::make_shared<received_event<T>>(std::move(about), std::move(value))};
}

/// A type says that it is of no concern to other processes, such as what their
/// own actors do.
template <class T>
concept stays_on_node = requires {
  requires T::stays_on_node;
};

/// Of an event of which others get no more than clients do.
template <class T>
inline constexpr event_kind opaque_kind{&typeid(T)};

template <class T>
inline constexpr event_kind travelling_kind{&typeid(T), argument_name<T>,
                                            write_event<T>, read_event<T>};

template <class T>
inline const known_event announced{travelling_kind<T>};

/// The kind of a type, which is known from then on.
template <event_type T>
const event_kind& kind_of() noexcept {
  if constexpr (stays_on_node<T>) {
    return staying_kind<T>;
  } else if constexpr (travels<T>) {
    // Named, so that it is made.
    static_cast<void>(&announced<T>);
    return travelling_kind<T>;
  } else {
    return opaque_kind<T>;
  }
}

} // namespace flamigo::detail
