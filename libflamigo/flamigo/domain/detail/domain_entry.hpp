#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <typeinfo>

#include <caf/actor_control_block.hpp>

#include "flamigo/domain/domain_figures.hpp"
#include "flamigo/domain/domain_handle.hpp"
#include "flamigo/strategy/detail/domain_slot.hpp"

namespace flamigo::detail {

/// A domain that is found by its name. It does not keep its actor: who hosts it
/// says how long it is there.
class domain_entry {
public:
  domain_entry(std::string group, bool is_given,
               const std::type_info& interface, const domain_handle& what,
               std::shared_ptr<const domain_slot> slot);

  /// `app::orders`, of the shard `app::orders/3` as well.
  const std::string& group() const noexcept {
    return group_;
  }

  /// Whether it was given its name.
  bool is_given() const noexcept {
    return is_given_;
  }

  /// `app::orders` or `app::orders/3`.
  const std::string& name() const noexcept {
    return name_;
  }

  /// The `caf::typed_actor` whose messages it takes; `void` as a rule.
  const std::type_info& interface() const noexcept {
    return *interface_;
  }

  domain_handle handle() const;

  /// How it is now, and what waits for it.
  domain_figures figures() const;

private:
  std::string group_;
  std::string name_;
  bool is_given_;
  const std::type_info* interface_;
  caf::weak_actor_ptr actor_;
  std::shared_ptr<const std::atomic<domain_state>> state_;
  std::shared_ptr<const domain_slot> slot_;
};

/// Whether `chat` is short for `app::chat`.
bool is_short_for(std::string_view text, std::string_view name) noexcept;

} // namespace flamigo::detail
