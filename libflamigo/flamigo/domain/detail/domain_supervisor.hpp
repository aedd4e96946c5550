#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include <caf/response_promise.hpp>

#include "flamigo/context/detail/enduring_actor.hpp"
#include "flamigo/context/services.hpp"
#include "flamigo/domain/detail/hosting.hpp"
#include "flamigo/domain/domain_state.hpp"
#include "flamigo/domain/hosting_options.hpp"
#include "flamigo/strategy/detail/domain_slot.hpp"

namespace flamigo::detail {

/// Watches a domain actor, restarts it if it may, and tells the callers through
/// the slot where it is now. Passes on every message that is not its own.
class domain_supervisor : public enduring_actor {
public:
  using shared_state = std::shared_ptr<std::atomic<domain_state>>;

  domain_supervisor(caf::actor_config& cfg, const services& what,
                    std::shared_ptr<domain_slot> slot, shared_state state,
                    hosting_options options, domain_factory spawn);

  ~domain_supervisor() override;

  /// Throws what the domain's function has thrown.
  static caf::actor spawn_by(const domain_factory& spawn,
                             const hosting_options& options);

  /// The names of a domain actor's strategies, in their order.
  static std::vector<std::string> strategies_of(const caf::actor& domain);

  const char* name() const override;

  std::string title() const override;

  /// `the domain actor of app::chat`. From any thread.
  const std::string& domain_title() const noexcept {
    return title_;
  }

  /// Whether the domain has a thread of its own. From any thread.
  bool is_detached() const noexcept {
    return options_.detached;
  }

  /// What its domain has to end. From any thread.
  caf::timespan stop_timeout() const noexcept {
    return options_.stop_timeout;
  }

  void on_exit() override;

protected:
  caf::behavior make_behavior() override;

private:
  /// Has it do what it does last before.
  void end(caf::actor domain, const caf::error& reason);

  void dismiss(const caf::actor& domain, const caf::error& reason);

  void went_down(const caf::error& reason);

  /// Counts this restart; false when there were too many.
  bool may_restart();

  void restart();

  /// Spawns a domain actor. What its function has thrown is returned.
  caf::error begin_life();

  /// It may live here, until `end_term`.
  void begin_term(std::shared_ptr<const domain_term> what);

  /// Its end answers who has asked for it.
  caf::result<void> end_term();

  /// A life that was to end has ended.
  void has_left(const caf::error& reason);

  /// The function that makes the domain has thrown this.
  void failed_again(const caf::error& reason);

  template <class T>
  void tell(T what);

  caf::result<caf::message> pass_on(caf::message_view& what);

  const services& services_;
  std::shared_ptr<domain_slot> slot_;
  shared_state state_;
  hosting_options options_;
  domain_factory spawn_;
  /// Whether it lives here only in terms.
  const bool is_placed_;
  const std::string title_;
  std::string name_;
  /// The names of its strategies, of which each life has the same.
  const std::vector<std::string> strategies_;
  caf::actor domain_;
  /// That of a term that is over, until it has ended.
  caf::actor leaving_;
  std::vector<caf::response_promise> told_of_end_;
  /// Whether it was told to end.
  bool ending_ = false;
  /// Whether it is reported as being down.
  bool missing_ = false;
  std::size_t count_ = 0;
  std::deque<caf::actor_clock::time_point> restarts_;
};

} // namespace flamigo::detail
