#include "flamigo/claims/detail/validator_composite.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "flamigo/error/error.hpp"

namespace flamigo::detail {

namespace {

std::string name_of(const validator_ptr& x) {
  return x ? x->name() : "anyone";
}

std::string name_of(std::string function, const validator_list& xs) {
  function += '(';
  for (auto& x : xs) {
    if (&x != &xs.front())
      function += ", ";
    function += name_of(x);
  }
  return function += ')';
}

verdict ask(const validator_ptr& x, const claims& who) {
  return x ? x->ask(who) : verdict{};
}

foresight foresee(const validator_ptr& x, const claims& who) {
  return x ? x->foresee(who) : foresight{};
}

void add_permissions_of(const validator_list& xs, std::set<std::string>& to) {
  for (auto& x : xs)
    if (x)
      x->add_permissions(to);
}

bool has_open(const validator_list& xs) noexcept {
  return std::any_of(xs.begin(), xs.end(),
                     [](auto& x) { return x && x->is_open(); });
}

bool has_internal(const validator_list& xs) noexcept {
  return std::any_of(xs.begin(), xs.end(),
                     [](auto& x) { return x && x->is_internal(); });
}

/// Of an alternative nobody could say whether it was counted.
void refuse_limits(const std::string& name, const validator_list& xs) {
  std::vector<rate_limit> found;
  for (auto& x : xs)
    if (x)
      x->add_limits(found);
  if (!found.empty())
    throw std::invalid_argument{
      name + ": a limit stands beside the guard, as in {guard, "
      + to_string(found.front()) + "}, not within any_of or negate"};
}

} // namespace

// -- all_validator ------------------------------------------------------------

all_validator::all_validator(validator_list xs)
  : validator_node(name_of("all_of", xs)), xs_(std::move(xs)) {
  // nop
}

verdict all_validator::ask(const claims& who) const {
  for (auto& x : xs_)
    if (auto said = detail::ask(x, who); !said.yes())
      return said;
  return {};
}

caf::error all_validator::explain(const claims&) const {
  // Its verdicts are those of its parts.
  return make_error(errc::forbidden, {}, name());
}

foresight all_validator::foresee(const claims& who) const {
  foresight result{};
  for (auto& x : xs_)
    result = both(std::move(result), detail::foresee(x, who));
  return result;
}

void all_validator::add_permissions(std::set<std::string>& to) const {
  add_permissions_of(xs_, to);
}

bool all_validator::is_open() const noexcept {
  return has_open(xs_);
}

bool all_validator::is_internal() const noexcept {
  return has_internal(xs_);
}

bool all_validator::demands(const validator_node& x) const noexcept {
  return validator_node::demands(x)
         || std::any_of(xs_.begin(), xs_.end(),
                        [&x](auto& part) { return part && part->demands(x); });
}

void all_validator::add_limits(std::vector<rate_limit>& to) const {
  for (auto& x : xs_)
    if (x)
      x->add_limits(to);
}

// -- any_validator ------------------------------------------------------------

any_validator::any_validator(validator_list xs)
  : validator_node(name_of("any_of", xs)), xs_(std::move(xs)) {
  refuse_limits(name(), xs_);
}

verdict any_validator::ask(const claims& who) const {
  if (xs_.empty())
    return verdict{*this};
  std::vector<verdict> refusals;
  for (auto& x : xs_) {
    auto said = detail::ask(x, who);
    if (said.yes())
      return {};
    refusals.push_back(std::move(said));
  }
  auto cause = name() + ": ";
  for (auto& refusal : refusals) {
    if (&refusal != &refusals.front())
      cause += "; ";
    cause += trace_of(refusal.explain(who));
  }
  return verdict{make_error(errc::forbidden, {}, std::move(cause))};
}

caf::error any_validator::explain(const claims&) const {
  return make_error(errc::forbidden, {}, name() + ": nobody passes");
}

foresight any_validator::foresee(const claims& who) const {
  foresight result{.says = foresight::answer::no};
  for (auto& x : xs_)
    result = either(std::move(result), detail::foresee(x, who));
  return result;
}

void any_validator::add_permissions(std::set<std::string>& to) const {
  add_permissions_of(xs_, to);
}

bool any_validator::is_open() const noexcept {
  return has_open(xs_);
}

bool any_validator::is_internal() const noexcept {
  return has_internal(xs_);
}

// -- negation -----------------------------------------------------------------

negation::negation(validator_ptr x)
  : validator_node("negate(" + name_of(x) + ")"), x_(std::move(x)) {
  refuse_limits(name(), {x_});
}

verdict negation::ask(const claims& who) const {
  auto said = detail::ask(x_, who);
  if (said.yes())
    return verdict{*this};
  // A validator that failed has not said no.
  return said.failed() ? verdict{wrap(said.explain(who), name())} : verdict{};
}

caf::error negation::explain(const claims&) const {
  return make_error(errc::forbidden, {},
                    name() + ": " + name_of(x_) + " says yes");
}

foresight negation::foresee(const claims& who) const {
  return opposite(detail::foresee(x_, who));
}

void negation::add_permissions(std::set<std::string>& to) const {
  add_permissions_of({x_}, to);
}

bool negation::is_internal() const noexcept {
  return x_ && x_->is_internal();
}

} // namespace flamigo::detail
