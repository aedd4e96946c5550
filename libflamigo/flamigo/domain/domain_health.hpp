#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <typeinfo>
#include <utility>
#include <vector>

#include <caf/expected.hpp>

#include "flamigo/context/context.hpp"
#include "flamigo/domain/detail/domain_entry.hpp"
#include "flamigo/domain/domain_figures.hpp"
#include "flamigo/domain/domain_handle.hpp"
#include "flamigo/domain/typed_domain_handle.hpp"

namespace flamigo {

namespace detail {

class domain_host;
class domain_supervisor;

} // namespace detail

/// The domains of an application: which there are, and how they are, as a
/// readiness check asks. Thread-safe.
class domain_health {
public:
  /// The domain of this name, `app::chat` or `chat` for short, through all of
  /// its restarts; `orders/3` for a shard. Fails if there is none, and if there
  /// are two: give them names of their own (`hosting_options::name`).
  caf::expected<domain_handle> find(std::string_view name) const;

  /// The domains that are down, whose strategies answer 503: restarted too
  /// often, not to be restarted, or waiting for the next attempt. One that has
  /// ended by its own decision, without an error, is none of them.
  std::vector<std::string> down() const;

  /// Whether none is down. Takes no lock.
  bool ok() const noexcept {
    return missing_ == 0;
  }

  /// Those of them that stay down until the program starts again: restarted too
  /// often, or not to be restarted.
  std::vector<std::string> lost() const;

  /// How each domain is, in the order in which they were hosted.
  std::vector<domain_figures> figures() const;

  /// How often a domain went down since the start.
  std::size_t failures() const noexcept {
    return failures_;
  }

  /// How often one was restarted.
  std::size_t restarts() const noexcept {
    return restarts_;
  }

  /// Events that domains have not heard, because too many waited
  /// (`hosting_options::max_queued_events`). What was coalesced is not counted.
  std::uint64_t dropped_events() const noexcept {
    return dropped_events_;
  }

  /// The same of a typed domain. Fails as well if it is hosted with another
  /// interface.
  template <class Interface>
  caf::expected<typed_domain_handle<Interface>>
  find(std::string_view name) const {
    auto found = find(name, &typeid(Interface));
    if (!found)
      return std::move(found.error());
    return typed_domain_handle<Interface>{std::move(*found)};
  }

  // -- when a domain is hosted
  // ------------------------------------------------

  /// Throws std::invalid_argument if a domain may not be called that. One that
  /// was given its name is the only one of that name.
  ///
  /// @private
  void check_name(const std::string& name, bool is_given) const;

  /// A domain, or all shards of one, which is called that then.
  ///
  /// @private
  void add(std::string name, bool is_given, const std::type_info& interface,
           const std::vector<domain_handle>& shards,
           const std::vector<std::shared_ptr<domain_slot>>& slots);

private:
  /// Null for any interface.
  caf::expected<domain_handle> find(std::string_view name,
                                    const std::type_info* interface) const;

  friend class detail::domain_host;
  friend class detail::domain_supervisor;

  void went_down(const std::string& domain);

  /// There will be no further attempt.
  void given_up(const std::string& domain);

  void came_back(const std::string& domain);

  /// When it is not to be there any more, or will never be.
  void forget(const std::string& domain);

  mutable std::mutex mtx_;
  std::vector<detail::domain_entry> all_;
  /// Two domains may have one name.
  std::multiset<std::string> down_;
  std::multiset<std::string> lost_;
  std::atomic<std::size_t> missing_ = 0;
  std::atomic<std::size_t> failures_ = 0;
  std::atomic<std::size_t> restarts_ = 0;
  std::atomic<std::uint64_t> dropped_events_ = 0;
};

template <class Interface>
caf::expected<typed_domain_handle<Interface>>
context::find(std::string_view name) const {
  return services().domains.find<Interface>(name);
}

} // namespace flamigo
