#include "flamigo/claims/validator.hpp"

#include <set>
#include <stdexcept>

#include "flamigo/claims/detail/validator_composite.hpp"
#include "flamigo/claims/detail/validator_leaf.hpp"
#include "flamigo/error/error.hpp"

namespace flamigo {

namespace {

template <class Node, class... Ts>
validator make(Ts&&... xs) {
  return validator{std::make_shared<const Node>(std::forward<Ts>(xs)...)};
}

using type_list = std::vector<std::string>;

detail::validator_list nodes_of(const std::vector<validator>& xs) {
  detail::validator_list result;
  result.reserve(xs.size());
  for (auto& x : xs)
    result.push_back(x.node());
  return result;
}

} // namespace

// -- validator ----------------------------------------------------------------

validator::validator(std::initializer_list<validator> all)
  : validator(all_of(std::vector<validator>(all))) {
  // nop
}

validator::validator(std::shared_ptr<const detail::validator_node> node)
  : node_(std::move(node)) {
  // nop
}

std::string validator::name() const {
  return node_ ? node_->name() : std::string{};
}

bool validator::is_open() const noexcept {
  return node_ && node_->is_open();
}

bool validator::is_internal() const noexcept {
  return node_ && node_->is_internal();
}

std::vector<rate_limit> validator::limits() const {
  std::vector<rate_limit> result;
  if (node_)
    node_->add_limits(result);
  return result;
}

foresight validator::foresee(const claims& who) const {
  return node_ ? node_->foresee(who) : foresight{};
}

std::vector<std::string> validator::permissions() const {
  std::set<std::string> result;
  if (node_)
    node_->add_permissions(result);
  return {result.begin(), result.end()};
}

caf::error validator::operator()(const claims& who) const {
  if (!node_)
    return {};
  auto said = node_->ask(who);
  return said.yes() ? caf::error{}
                    : wrap(said.explain(who), "validating actor");
}

std::string to_string(const validator& x) {
  return x.name();
}

// -- validators ---------------------------------------------------------------

validator is_websocket() {
  static const auto instance = make<detail::type_validator>(
    "is_websocket", type_list{claims_type::websocket}, true);
  return instance;
}

validator is_not_websocket() {
  static const auto instance = make<detail::type_validator>(
    "is_not_websocket", type_list{claims_type::websocket, claims_type::http},
    false);
  return instance;
}

validator is_server() {
  static const auto instance = make<detail::type_validator>(
    "is_server", type_list{claims_type::backend, claims_type::domain}, true);
  return instance;
}

validator of_type(std::string type) {
  auto name = "of_type(" + type + ")";
  return make<detail::type_validator>(std::move(name),
                                      type_list{std::move(type)}, true);
}

validator internal() {
  static const auto instance = make<detail::internal_validator>();
  return instance;
}

// -- limits -------------------------------------------------------------------

namespace {

validator make_limit(const rate_limit& what) {
  if (what.how_often.count == 0 || what.how_often.per.count() <= 0)
    throw std::invalid_argument{to_string(what)
                                + ": give it a number and a time that are "
                                  "positive, such as limit(10, 1s)"};
  return make<detail::limit_validator>(what);
}

} // namespace

validator limit(std::size_t count, caf::timespan per) {
  return make_limit({{count, per}, rate_limit::scope::caller});
}

validator limit_in_total(std::size_t count, caf::timespan per) {
  return make_limit({{count, per}, rate_limit::scope::total});
}

// -- validators of users ------------------------------------------------------

validator is_authenticated() {
  static const auto instance = make<detail::predicate_validator>(
    "is_authenticated", [](const claims& who) { return who.user.has_value(); },
    "authenticate first");
  return instance;
}

validator is_unauthenticated() {
  static const auto instance = make<detail::open_validator>(
    "is_unauthenticated",
    [](const claims& who) { return !who.user.has_value(); },
    "only for clients that have not authenticated");
  return instance;
}

validator has_permission(std::string permission) {
  return make<detail::permission_validator>(std::move(permission));
}

validator open_to_guests() {
  static const auto instance = make<detail::open_validator>(
    "open_to_guests", [](const claims&) { return true; }, std::string{});
  return instance;
}

// -- composition --------------------------------------------------------------

validator all_of(const std::vector<validator>& xs) {
  if (xs.empty())
    return {};
  if (xs.size() == 1)
    return xs.front();
  return make<detail::all_validator>(nodes_of(xs));
}

validator any_of(const std::vector<validator>& xs) {
  if (xs.size() == 1)
    return xs.front();
  return make<detail::any_validator>(nodes_of(xs));
}

validator negate(const validator& x) {
  return make<detail::negation>(x.node());
}

// -- validators of the application --------------------------------------------

namespace detail {

validator make_validator(std::string name,
                         std::function<bool(const claims&)> predicate,
                         std::string message) {
  return make<application_validator>(std::move(name), std::move(predicate),
                                     std::move(message));
}

validator make_validator(std::string name,
                         std::function<caf::error(const claims&)> check) {
  return make<function_validator>(std::move(name), std::move(check));
}

} // namespace detail

} // namespace flamigo
