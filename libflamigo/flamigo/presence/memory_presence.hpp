#pragma once

#include <memory>
#include <string_view>

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

#include "flamigo/presence/memory_presence_options.hpp"
#include "flamigo/presence/presence_engine.hpp"

namespace flamigo {

class bus;

namespace detail {

class presence_rooms;

} // namespace detail

/// Knows who is in which channel of this process, as long as it runs. It
/// answers before its functions return. Of what it publishes nobody is told
/// before the interval has passed on the actor system's clock.
class memory_presence final : public presence_engine {
public:
  /// The bus outlives it.
  explicit memory_presence(const bus& events,
                           const memory_presence_options& options = {});

  /// Nothing is published afterwards.
  ~memory_presence() override;

  void set(std::string_view channel, const presence_member& who,
           std::string_view before, std::size_t max_bytes) override;

  void remove(std::string_view channel, std::string_view key,
              std::string_view connection_id) override;

  void list(std::string_view channel, list_receiver then) override;

  /// Channels in which somebody is, or was a moment ago.
  std::size_t channels() const;

  /// Everybody in all of them, a key once for each.
  std::size_t people() const;

private:
  /// Has what has changed told of, when it is time.
  void call_herald() noexcept;

  memory_presence_options options_;
  std::shared_ptr<detail::presence_rooms> rooms_;
  /// The actor that tells of changes.
  caf::actor herald_;
};

} // namespace flamigo
