#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <typeinfo>
#include <utility>
#include <vector>

#include "flamigo/claims/validator.hpp"
#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/strategy/detail/behavior_handler.hpp"
#include "flamigo/strategy/detail/domain_slot.hpp"
#include "flamigo/strategy/detail/published.hpp"
#include "flamigo/strategy/detail/shard_table.hpp"
#include "flamigo/strategy/detail/strategy_handler.hpp"
#include "flamigo/strategy/detail/stream_handler.hpp"
#include "flamigo/strategy/detail/task_handler.hpp"
#include "flamigo/strategy/detail/typed_handler.hpp"
#include "flamigo/strategy/strategy_info.hpp"

namespace flamigo {

namespace detail {

class around_list;
class call_limits;
class seal;

} // namespace detail

namespace detail {

/// Throws the std::invalid_argument of a strategy that answers in parts.
[[noreturn]] void refuse_detached(std::string_view name);

/// What holds a handler.
template <class F>
using handler_type
  = std::conditional_t<handler_traits<F>::awaits, task_handler<F>,
                       std::conditional_t<handler_traits<F>::streams,
                                          stream_handler<F>, typed_handler<F>>>;

} // namespace detail

/// The handlers of one strategy, tried in order on the payload: the first
/// whose input fits runs. What of it does not know their types is compiled
/// once, which every file that has strategies is spared.
class strategy_handlers {
public:
  /// The other may only be assigned to or destroyed then.
  strategy_handlers(strategy_handlers&& other) noexcept;

  strategy_handlers& operator=(strategy_handlers&& other) noexcept;

  ~strategy_handlers();

  /// Of functions, whose types say what they take and return.
  template <class F, class... Fs>
  static strategy_handlers of(F handler, Fs... more) {
    static_assert(((detail::answers_with_stream<
                      Fs> == detail::answers_with_stream<F>) &&...),
                  "the handlers of one strategy return a stream all of them, "
                  "or none: whoever calls it has to know whether the answer "
                  "comes in parts");
    strategy_handlers result;
    result.push(std::move(handler));
    (result.push(std::move(more)), ...);
    return result;
  }

  /// Of a CAF behavior, whose inputs and outputs have to be listed.
  template <class... Inputs, class... Outputs>
  static strategy_handlers
  of(accepts<Inputs...>, returns<Outputs...>, caf::behavior bhvr) {
    static_assert(sizeof...(Inputs) > 0,
                  "name the inputs of the behavior: accepts<post, photo>{}");
    strategy_handlers result;
    (result.keep(new detail::behavior_handler<Inputs, Outputs...>(bhvr)), ...);
    return result;
  }

  /// The same for several who hold them.
  std::shared_ptr<const strategy_handlers> share() &&;

  /// @private
  static strategy_handlers
  made_of(std::unique_ptr<const detail::strategy_handler> handler) {
    strategy_handlers result;
    result.list_.push_back(std::move(handler));
    return result;
  }

  /// @private
  detail::outcome invoke(context& ctx, std::string& out) const;

  /// Whether they answer in parts, all of them or none.
  bool streams() const noexcept;

  /// Fills in the types of a listing.
  void describe(strategy_info& info) const;

  /// Whether all of its inputs have this member, which is of this type and has
  /// to come.
  bool requires_member(std::string_view name, const std::type_info& type) const;

  /// The handler with this index, whose function is an `F`.
  ///
  /// @private
  template <class F>
  const auto& at(std::size_t index) const noexcept {
    return static_cast<const detail::handler_type<F>&>(erased(index));
  }

private:
  strategy_handlers() noexcept;

  const detail::strategy_handler& erased(std::size_t index) const noexcept;

  /// Owns it from now on, and when it throws as well.
  void keep(const detail::strategy_handler* what);

  template <class F>
  void push(F handler) {
    static_assert(detail::ends_quietly<F>,
                  "what this strategy's handler has captured may throw when it "
                  "is destroyed, which would end the program: make its "
                  "destructor noexcept");
    if constexpr (detail::handler_traits<F>::fits)
      keep(new detail::handler_type<F>(std::move(handler)));
  }

  std::vector<std::unique_ptr<const detail::strategy_handler>> list_;
};

/// A named strategy: who may call it and where it runs. Immutable once the
/// program serves, and read by every thread.
class strategy {
public:
  /// Runs where it is called.
  using inline_home = std::shared_ptr<const strategy_handlers>;

  /// Runs in a domain actor, as the strategy with this index.
  struct hosted_home {
    /// Where the domain actor is found; never null.
    std::shared_ptr<domain_slot> slot;
    /// Its place among the strategies of the domain actor.
    std::size_t index = 0;
    /// Which of several domain actors it is, by the payload; null if there is
    /// one.
    std::shared_ptr<const detail::shard_table> shards = nullptr;
  };

  /// An inline strategy.
  strategy(std::string name, validator guard, inline_home handlers);

  /// A hosted strategy. The guard's name is in the info.
  strategy(strategy_info info, validator guard, hosted_home home);

  /// `namespace::domain:action`.
  const std::string& name() const noexcept {
    return info_.name;
  }

  /// What a listing tells of it. Until the program serves, for the thread that
  /// registers strategies.
  const strategy_info& info() const noexcept {
    return info_;
  }

  /// Whether clients may call it that have not authenticated.
  bool is_open() const noexcept {
    return is_open_;
  }

  /// Whether it answers in parts.
  bool streams() const noexcept {
    return info_.streams;
  }

  /// Whether only the program calls it; see `internal`.
  bool is_internal() const noexcept {
    return is_internal_;
  }

  /// Has its handlers wrapped by these alone, or tells that its domain actor
  /// does. Calls that have begun go on as they were.
  ///
  /// @private
  void wrap(const detail::around_list& by);

  /// Has it changed as this seal allows, which outlives it.
  ///
  /// @private
  void stand_under(detail::seal& what) noexcept {
    seal_ = &what;
  }

  /// Its number among those of its registry, from 1 on; 0 of one that is in
  /// none.
  ///
  /// @private
  std::size_t number() const noexcept {
    return number_;
  }

  /// @private
  void number(std::size_t value) noexcept {
    number_ = value;
  }

  /// Whether what has begun goes on to its end although nobody waits for it.
  bool is_detached() const noexcept {
    return detached_.get();
  }

  /// Has every call that has begun go on to its end: when it is cancelled, when
  /// whoever has called it is gone, and at the deadline of the call. Each call
  /// that it makes itself has the time that the program gives its own calls.
  ///
  ///   strategies.add("app::bank:pay", pay).detached();
  ///
  /// An inline strategy ends with the connection that it runs in all the same.
  /// Throws std::invalid_argument if it answers in parts, and std::logic_error
  /// when the program serves already.
  void detached();

  /// Who may call it.
  const validator& guard() const noexcept {
    return guard_;
  }

  /// Asks the guard. The error is `forbidden` and says which validator said no.
  caf::error check(const claims& who) const;

  /// How often it may be called from outside; null if that does not matter.
  ///
  /// @private
  detail::call_limits* limits() const noexcept {
    return limits_.get();
  }

  /// Returns which of its handlers do not declare bytes where the payload has
  /// some that came as they are, as of a `client_request`: what a call passes
  /// over. Fails with `invalid_payload` if none does.
  ///
  /// @private
  caf::expected<std::uint32_t> check_bytes(std::string_view payload,
                                           std::string_view places) const;

  /// What finds the bytes in what it answers with; null if there are none.
  ///
  /// @private
  detail::bytes_finder bytes_out() const noexcept {
    return info_.bytes_out;
  }

  /// Null when the strategy is hosted.
  const strategy_handlers* handlers() const noexcept {
    return handlers_.get();
  }

  /// Null when the strategy is inline.
  const hosted_home* host() const noexcept {
    return host_.slot ? &host_ : nullptr;
  }

private:
  strategy_info info_;
  validator guard_;
  std::shared_ptr<detail::call_limits> limits_;
  bool is_internal_;
  bool is_open_;
  detail::published<bool> detached_;
  /// Those of an inline strategy: first with nothing around them, then with
  /// what wraps them, each time that there is more of it. Who has called runs
  /// the ones that it has found.
  std::vector<inline_home> homes_;
  /// The last ones; null if it is hosted.
  detail::published<const strategy_handlers*> handlers_;
  /// Without a slot if it is inline.
  hosted_home host_;
  /// Null unless it is registered.
  detail::seal* seal_ = nullptr;
  std::size_t number_ = 0;
};

/// A strategy that several threads hold.
using strategy_ptr = std::shared_ptr<const strategy>;

} // namespace flamigo
