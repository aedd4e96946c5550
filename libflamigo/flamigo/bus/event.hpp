#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <typeinfo>
#include <utility>
#include <vector>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/expected.hpp>

#include "flamigo/bus/detail/event_kind.hpp"
#include "flamigo/claims/acting_actor.hpp"
#include "flamigo/history/history_position.hpp"
#include "flamigo/history/kept_event.hpp"
#include "flamigo/topic/topic.hpp"
#include "flamigo/tracing/detail/span.hpp"
#include "flamigo/wire/client_message.hpp"

namespace flamigo {

class event;

namespace detail {

caf::expected<std::shared_ptr<const event>>
prepare_event(std::shared_ptr<event> what, std::string_view type);

} // namespace detail

/// How events travel: one event for all who get it. A message of this process
/// only.
using event_ptr = std::shared_ptr<const event>;

/// Something that happened: any described struct, the topics that it is
/// published under, the actor that caused it and, if it is for clients, what
/// they are told. Immutable, and read on any thread.
class event {
public:
  virtual ~event();

  /// At least one.
  const std::vector<topic>& topics() const noexcept {
    return topics_;
  }

  /// The actor that caused it: a connection, a domain actor's caller, or the
  /// backend.
  const acting_actor& cause() const noexcept {
    return cause_;
  }

  /// The content, or null if it is of another type.
  template <class T>
  const T* get_if() const noexcept {
    return *kind_->type == typeid(T) ? static_cast<const T*>(content_)
                                     : nullptr;
  }

  /// What its type is.
  ///
  /// @private
  const detail::event_kind& kind() const noexcept {
    return *kind_;
  }

  /// The content, as the kind says what it is; null if it is of no type of
  /// this program.
  ///
  /// @private
  const void* content() const noexcept {
    return content_;
  }

  /// The step of a trace that has published it; null as a rule.
  ///
  /// @private
  const detail::span_ptr& span() const noexcept {
    return span_;
  }

  /// Says so. Before it is published.
  ///
  /// @private
  void caused_by(detail::span_ptr step) const noexcept {
    span_ = std::move(step);
  }

  // -- clients ----------------------------------------------------------------

  /// Whether clients get it.
  bool is_for_clients() const noexcept {
    return client_message_.has_value();
  }

  /// What clients get, not encoded; null if they do not get it.
  ///
  /// @private
  const flamigo::client_message* message() const noexcept {
    return client_message_ ? &*client_message_ : nullptr;
  }

  /// The frame for clients, encoded when it is first asked for and the same
  /// bytes for all of them.
  /// @pre `is_for_clients()`
  const std::string& client_frame() const {
    // Not std::call_once, whose first call wakes whoever waits, by a system
    // call even if nobody does.
    if (!encoded_.load(std::memory_order_acquire))
      encode();
    return client_frame_;
  }

  /// What finds the bytes in what clients get; null if its type has none.
  /// @pre `is_for_clients()`
  ///
  /// @private
  detail::bytes_finder client_bytes() const noexcept {
    return client_message_->bytes;
  }

  /// Whether somebody has asked for it before.
  bool has_client_frame() const noexcept {
    return encoded_.load(std::memory_order_acquire);
  }

  /// The same, without a look whether it is there.
  /// @pre `has_client_frame()`
  const std::string& made_client_frame() const noexcept {
    return client_frame_;
  }

  // -- histories --------------------------------------------------------------

  /// Where it stands in the history of one of its topics.
  struct place {
    /// Of the event.
    std::string_view topic;
    /// In that topic's history.
    history_position at;
    /// What the history holds of it.
    kept_event kept;
  };

  /// One for each of its topics that has a history, at most `max_places`; none
  /// before it is kept.
  std::span<const place> places() const noexcept {
    return places_ ? std::span{places_->all} : std::span<const place>{};
  }

  /// As many as have a bit in what `client_frame_in` takes.
  static constexpr std::size_t max_places = 64;

  /// The frame for clients with the offsets of those of its places whose bits
  /// are set, the lowest being the first one's. The same bytes for all who ask
  /// for the same; as long as the event.
  std::string_view client_frame_in(std::uint64_t set) const;

  /// How much of that frame has no offsets and no brace at its end.
  std::size_t client_frame_base(std::uint64_t set) const {
    return set == 0 ? client_frame().size() - 1
                    : places_->all.front().kept.base.size();
  }

  /// The same for clients of Socket.IO: the JSON array of the arguments that
  /// they get, a `laden_text` if there are bytes among them. Encoded when it is
  /// first asked for and the same for all of them; as long as the event. Any
  /// thread.
  /// @pre `is_for_clients()`
  std::string_view client_arguments_in(std::uint64_t set) const;

  /// What is kept of it is to be set by the caller, since nobody has called
  /// this before. Else it takes another event: `again`.
  bool begin_keeping() const noexcept {
    return !keeping_.exchange(true, std::memory_order_relaxed);
  }

  /// Sets what is kept of it. Once, before it is delivered.
  void keep(std::vector<place> where) const;

  // -- order ------------------------------------------------------------------

  /// Says whether it was published before or after a `bus::mark`, so that a
  /// subscription can tell what was before it. 0 until it is published, and for
  /// ever when nobody listens.
  std::uint64_t stamp() const noexcept {
    return stamp_.load(std::memory_order_relaxed);
  }

  /// For the bus.
  void stamp(std::uint64_t value) const noexcept {
    stamp_.store(value, std::memory_order_relaxed);
  }

  /// The same event under one topic more.
  static event_ptr also_under(event_ptr what, topic where);

  /// The same event once more.
  static event_ptr again(event_ptr what);

protected:
  /// For the class that holds the content and says by the functions below what
  /// else there is to know.
  event(acting_actor cause, const detail::event_kind& kind);

  /// With all that there is to know.
  event(std::vector<topic> topics, acting_actor cause,
        std::optional<client_message> message, const detail::event_kind& kind);

  /// Of the kind that the constructor was told.
  const void* content_ = nullptr;

private:
  friend caf::expected<event_ptr>
  detail::prepare_event(std::shared_ptr<event> what, std::string_view type);

  /// What has a history.
  struct kept_places {
    std::vector<place> all;
    /// Frames with several offsets, by their sets; under `encoding_`.
    std::vector<std::pair<std::uint64_t, std::unique_ptr<const std::string>>>
      frames;
  };

  /// What clients of Socket.IO get that have it of one set of its places.
  struct arguments {
    std::uint64_t set;
    std::string text;
    const arguments* next;
  };

  void encode() const;

  const arguments* find_arguments(std::uint64_t set) const noexcept;

  static event_ptr relabelled(event_ptr what, std::vector<topic> topics);

  virtual std::vector<topic> topics_of_content() const;

  virtual std::optional<client_message> message_of_content() const;

  std::vector<topic> topics_;
  acting_actor cause_;
  std::optional<client_message> client_message_;
  /// Never null.
  const detail::event_kind* kind_;
  mutable std::atomic<std::uint64_t> stamp_ = 0;
  mutable std::mutex encoding_;
  mutable std::atomic<bool> encoded_ = false;
  mutable std::string client_frame_;
  /// Owned. The first is the newest; all of them stay.
  mutable std::atomic<const arguments*> arguments_ = nullptr;
  mutable std::atomic<bool> keeping_ = false;
  /// Set before others have the event.
  mutable detail::span_ptr span_;
  /// The same.
  mutable std::unique_ptr<kept_places> places_;
};

} // namespace flamigo

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::event_ptr)
