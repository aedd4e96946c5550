#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <vector>

#include <caf/message_handler.hpp>

#include "flamigo/domain/detail/task_message.hpp"
#include "flamigo/domain/listener.hpp"
#include "flamigo/domain/stopping.hpp"
#include "flamigo/strategy/detail/handler_guard.hpp"
#include "flamigo/strategy/strategy.hpp"

namespace flamigo {

/// A strategy with its name and its guard, on its way to whoever runs it; made
/// by `on`.
struct named_strategy {
  /// `namespace::domain:action`.
  std::string name;
  /// Empty if everyone may call it.
  validator guard;
  /// Tried in order.
  std::shared_ptr<const strategy_handlers> handlers;
  /// Whether a call that has begun goes on although nobody waits for it.
  bool is_detached = false;

  /// See `strategy::detached`: `on("app::bank:pay", pay).detached()`.
  named_strategy detached() && {
    detach();
    return std::move(*this);
  }

protected:
  /// What `detached` does.
  void detach() {
    if (handlers->streams())
      detail::refuse_detached(name);
    is_detached = true;
  }
};

/// One that knows the types of its functions.
template <class... Fs>
struct strategy_of : named_strategy {
  /// As above.
  strategy_of detached() && {
    this->detach();
    return std::move(*this);
  }
};

/// A strategy of a domain actor that everyone may call.
template <class F, class... Fs>
  requires(!std::is_convertible_v<F, validator>)
strategy_of<F, Fs...> on(std::string name, F handler, Fs... more) {
  return on(std::move(name), validator{}, std::move(handler),
            std::move(more)...);
}

/// A strategy for actors whose claims pass the guard:
/// `on("app::chat:post", {is_websocket()}, [=](context&, const post&) {...})`.
/// Several handlers are tried in order on the payload. They run in the domain
/// actor and may use its state. What a handler takes of who asks is part of the
/// guard: `[=](flamigo::client& who, const post&)` is for clients only.
template <class... Fs>
strategy_of<Fs...> on(std::string name, validator guard, Fs... handlers) {
  static_assert(sizeof...(Fs) > 0,
                "give the strategy a handler: on(name, guard, [=](context&, "
                "const Input&) { ... })");
  return {{std::move(name), detail::guard_of<Fs...>(std::move(guard)),
           strategy_handlers::of(std::move(handlers)...).share()}};
}

/// A strategy that is given as a CAF behavior.
template <class... Inputs, class... Outputs>
named_strategy on(std::string name, validator guard, accepts<Inputs...> in,
                  returns<Outputs...> out, caf::behavior bhvr) {
  return {std::move(name), std::move(guard),
          strategy_handlers::of(in, out, std::move(bhvr)).share()};
}

/// What a domain actor does: its strategies, made by `on`, its event handlers,
/// made by `listen`, what it does last, made by `on_stop`, and any handlers of
/// CAF messages beside them, in one pair of braces.
///
/// A handler of messages may be a coroutine, which takes its parameters by
/// value and returns a `task<T>`. It answers a request when it ends, as it has
/// ended, and a plain send not at all: then what it fails with is logged. It
/// has no deadline but those of what it awaits.
class domain_behavior {
public:
  /// From strategies, listeners and handlers of messages, in any order.
  template <class... Ts>
  domain_behavior(Ts... parts) // NOLINT: implicit, for `return {...}`
    : domain_behavior(empty{}) {
    static_assert((std::size_t{std::is_same_v<Ts, stopping>} + ... + 0) < 2,
                  "a domain has one on_stop: do all of it in there");
    (add(std::move(parts)), ...);
  }

  // All that does not know the parts is compiled once.

  /// The same parts once more.
  domain_behavior(const domain_behavior& other);

  /// The other may only be assigned to or destroyed then.
  domain_behavior(domain_behavior&& other) noexcept;

  domain_behavior& operator=(const domain_behavior& other);

  domain_behavior& operator=(domain_behavior&& other) noexcept;

  ~domain_behavior();

  /// What goes into the registry, in this order.
  const std::vector<named_strategy>& strategies() const noexcept {
    return strategies_;
  }

  /// What gets the events.
  const std::vector<listener>& listeners() const noexcept {
    return listeners_;
  }

  /// What it does last; null as a rule.
  const std::shared_ptr<const strategy_handlers>& last() const noexcept {
    return last_;
  }

  /// What gets every other message.
  const caf::message_handler& messages() const noexcept {
    return messages_;
  }

  /// The `caf::typed_actor` whose messages it takes; `void` as a rule.
  const std::type_info& interface() const noexcept {
    return *interface_;
  }

private:
  template <class Interface>
  friend class typed_domain_behavior;

  /// Without parts; not made of `{}`.
  struct empty {
    explicit empty() = default;
  };

  explicit domain_behavior(empty) noexcept;

  void push(named_strategy&& part);

  void push(listener&& part);

  void push(stopping&& part);

  void push(const caf::message_handler& part);

  template <class T>
  void add(T part) {
    if constexpr (
      std::is_base_of_v<
        named_strategy,
        T> || std::is_same_v<T, listener> || std::is_same_v<T, stopping>)
      push(std::move(part));
    else if constexpr (detail::is_task_message<T>)
      push(caf::message_handler{detail::message_handler_of(std::move(part))});
    else
      push(caf::message_handler{std::move(part)});
  }

  std::vector<named_strategy> strategies_;
  std::vector<listener> listeners_;
  std::shared_ptr<const strategy_handlers> last_;
  caf::message_handler messages_;
  const std::type_info* interface_ = &typeid(void);
};

} // namespace flamigo
