#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <caf/message_handler.hpp>

#include "flamigo/strategy.hpp"

namespace flamigo {

/// One strategy of a domain actor; made by `on`.
struct hosted_strategy {
  std::string name;
  validator guard;
  std::shared_ptr<const strategy_handlers> handlers;
};

/// A strategy of a domain actor that everyone may call.
template <class F, class... Fs>
  requires(!std::is_convertible_v<F, validator>)
hosted_strategy on(std::string name, F handler, Fs... more) {
  return on(std::move(name), validator{}, std::move(handler),
            std::move(more)...);
}

/// A strategy for actors whose claims pass the guard:
/// `on("app::chat:post", {is_websocket()}, [=](context&, const post&) {...})`.
/// Several handlers are tried in order on the payload. They run in the domain
/// actor and may use its state.
template <class... Fs>
hosted_strategy on(std::string name, validator guard, Fs... handlers) {
  static_assert(sizeof...(Fs) > 0,
                "give the strategy a handler: on(name, guard, [=](context&, "
                "const Input&) { ... })");
  return {std::move(name), std::move(guard),
          std::make_shared<strategy_handlers>(
            strategy_handlers::of(std::move(handlers)...))};
}

/// A strategy that is given as a CAF behavior.
template <class... Inputs, class... Outputs>
hosted_strategy on(std::string name, validator guard, accepts<Inputs...> in,
                   returns<Outputs...> out, caf::behavior bhvr) {
  return {std::move(name), std::move(guard),
          std::make_shared<strategy_handlers>(
            strategy_handlers::of(in, out, std::move(bhvr)))};
}

/// What a domain actor does: its strategies, made by `on`, and any handlers of
/// CAF messages beside them, in one pair of braces.
class domain_behavior {
public:
  template <class... Ts>
  domain_behavior(Ts... parts) { // NOLINT: implicit, for `return {...}`
    (add(std::move(parts)), ...);
  }

  const std::vector<hosted_strategy>& strategies() const noexcept {
    return strategies_;
  }

  const caf::message_handler& messages() const noexcept {
    return messages_;
  }

private:
  void add(hosted_strategy part) {
    strategies_.push_back(std::move(part));
  }

  template <class F>
  void add(F part) {
    messages_ = messages_.or_else(caf::message_handler{std::move(part)});
  }

  std::vector<hosted_strategy> strategies_;
  caf::message_handler messages_;
};

} // namespace flamigo
