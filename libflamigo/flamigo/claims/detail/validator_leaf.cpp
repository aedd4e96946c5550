#include "flamigo/claims/detail/validator_leaf.hpp"

#include <algorithm>

#include "flamigo/claims/claims.hpp"
#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/error/error.hpp"

namespace flamigo::detail {

namespace {

// Whom an application's function could not judge must not pass.
template <class F>
verdict judge(const validator_node& node, F ask) {
  return guarded(ask, [&node](caf::error why) {
    return verdict{wrap(std::move(why), node.name())};
  });
}

} // namespace

// -- internal_validator -------------------------------------------------------

internal_validator::internal_validator() : validator_node("internal") {
  // nop
}

verdict internal_validator::ask(const claims&) const {
  return {};
}

caf::error internal_validator::explain(const claims&) const {
  return make_error(errc::forbidden, {}, name());
}

// -- limit_validator ----------------------------------------------------------

limit_validator::limit_validator(rate_limit what)
  : validator_node(to_string(what)), what_(what) {
  // nop
}

verdict limit_validator::ask(const claims&) const {
  return {};
}

caf::error limit_validator::explain(const claims&) const {
  return make_error(errc::forbidden, {}, name());
}

void limit_validator::add_limits(std::vector<rate_limit>& to) const {
  to.push_back(what_);
}

// -- type_validator -----------------------------------------------------------

type_validator::type_validator(std::string name, std::vector<std::string> types,
                               bool wanted)
  : validator_node(std::move(name)), types_(std::move(types)), wanted_(wanted) {
  // nop
}

verdict type_validator::ask(const claims& who) const {
  auto is_one = std::find(types_.begin(), types_.end(), who.type)
                != types_.end();
  return is_one == wanted_ ? verdict{} : verdict{*this};
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
  return judge(*this,
               [&] { return function_(who) ? verdict{} : verdict{*this}; });
}

caf::error predicate_validator::explain(const claims&) const {
  return make_error(errc::forbidden, message_,
                    name() + ": " + (message_.empty() ? "says no" : message_));
}

// -- permission_validator -----------------------------------------------------

permission_validator::permission_validator(std::string permission)
  : predicate_validator(
    "has_permission(" + permission + ")",
    [permission](const claims& who) {
      return who.user && has_permission(*who.user, permission);
    },
    "you need the permission \"" + permission + "\""),
    permission_(std::move(permission)) {
  // nop
}

// -- function_validator -------------------------------------------------------

function_validator::function_validator(std::string name, function f)
  : validator_node(std::move(name)), function_(std::move(f)) {
  // nop
}

verdict function_validator::ask(const claims& who) const {
  return judge(*this, [&] { return verdict{wrap(function_(who), name())}; });
}

caf::error function_validator::explain(const claims&) const {
  // Its verdicts carry the error.
  return make_error(errc::forbidden, {}, name());
}

} // namespace flamigo::detail
