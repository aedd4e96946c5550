#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <typeinfo>
#include <vector>

#include <caf/expected.hpp>

#include "flamigo/claims/acting_actor.hpp"
#include "flamigo/topic/topic.hpp"
#include "flamigo/wire/client_message.hpp"

namespace flamigo {

class event;

} // namespace flamigo

namespace flamigo::detail {

/// What another process says of an event.
struct event_origin {
  std::vector<topic> topics;
  acting_actor cause;
  std::optional<client_message> message;
  /// Whether there are bytes in what clients get.
  bool holds_bytes = false;
};

/// What there is to know of a type of events. One for each type, of static
/// storage.
struct event_kind {
  using writer = void (*)(std::string& out, const void* content);

  using reader
    = caf::expected<std::shared_ptr<const event>> (*)(std::string_view content,
                                                      event_origin about);

  const std::type_info* type;
  /// What contracts call it; null if its content is not JSON.
  std::string (*name)() = nullptr;
  /// Appends a content as JSON; null as `name`.
  writer write = nullptr;
  /// Makes an event of what `write` has written; null as `name`.
  reader read = nullptr;
  /// It is none of the others' business, or they have it already.
  bool stays = false;
};

/// The kind of an event that does not leave this process.
template <class T>
inline constexpr event_kind staying_kind{&typeid(T), nullptr, nullptr, nullptr,
                                         true};

/// All types of events that the program publishes or listens to and that may
/// come from another process, each once or oftener: a list that is made before
/// `main` runs, so that nobody has to register a type.
class known_event {
public:
  explicit known_event(const event_kind& kind) noexcept
    : kind_(&kind), next_(first_) {
    first_ = this;
  }

  known_event(const known_event&) = delete;

  known_event& operator=(const known_event&) = delete;

  template <class F>
  static void for_each(F f) {
    for (auto* what = first_; what != nullptr; what = what->next_)
      f(*what->kind_);
  }

private:
  static constinit inline const known_event* first_ = nullptr;

  const event_kind* kind_;
  const known_event* next_;
};

} // namespace flamigo::detail
