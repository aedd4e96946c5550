#include "flamigo/detail/validator_leaf.hpp"

#include <exception>

#include "flamigo/claims.hpp"
#include "flamigo/error.hpp"

namespace flamigo::detail {

namespace {

// An application's function must not take the connection down with it, and
// whom it could not judge must not pass.
template <class F>
verdict guarded(const validator_node& node, F ask) {
  auto failed = [&node](std::string what) {
    return verdict{wrap(internal_error("threw " + what), node.name())};
  };
  try {
    return ask();
  } catch (const std::exception& e) {
    return failed(e.what());
  } catch (...) {
    return failed("something that is no std::exception");
  }
}

} // namespace

// -- type_validator -----------------------------------------------------------

type_validator::type_validator(std::string name, std::string type, bool wanted)
  : validator_node(std::move(name)), type_(std::move(type)), wanted_(wanted) {
  // nop
}

verdict type_validator::ask(const claims& who) const {
  return (who.type == type_) == wanted_ ? verdict{} : verdict{*this};
}

caf::error type_validator::explain(const claims& who) const {
  return make_error(errc::forbidden, {},
                    name() + ": the actor is of type \"" + who.type + "\"");
}

// -- predicate_validator ------------------------------------------------------

predicate_validator::predicate_validator(std::string name, function f,
                                         std::string message)
  : validator_node(std::move(name)), function_(std::move(f)),
    message_(std::move(message)) {
  // nop
}

verdict predicate_validator::ask(const claims& who) const {
  return guarded(*this,
                 [&] { return function_(who) ? verdict{} : verdict{*this}; });
}

caf::error predicate_validator::explain(const claims&) const {
  return make_error(errc::forbidden, message_,
                    name() + ": " + (message_.empty() ? "says no" : message_));
}

// -- function_validator -------------------------------------------------------

function_validator::function_validator(std::string name, function f)
  : validator_node(std::move(name)), function_(std::move(f)) {
  // nop
}

verdict function_validator::ask(const claims& who) const {
  return guarded(*this, [&] { return verdict{wrap(function_(who), name())}; });
}

caf::error function_validator::explain(const claims&) const {
  // Its verdicts carry the error.
  return make_error(errc::forbidden, {}, name());
}

} // namespace flamigo::detail
