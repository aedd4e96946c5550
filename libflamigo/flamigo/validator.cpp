#include "flamigo/validator.hpp"

#include <exception>

#include "flamigo/detail/validator_node.hpp"
#include "flamigo/error.hpp"

namespace flamigo {

namespace {

using detail::validator_node;

using validator_list = std::vector<validator>;

std::string name_of(const validator& x) {
  return x.empty() ? std::string{"anyone"} : x.name();
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

caf::error check(const validator& x, const claims& who) {
  return x.empty() ? caf::error{} : x.node()->check(who);
}

// -- leaves -------------------------------------------------------------------

class type_node : public validator_node {
public:
  type_node(std::string name, std::string type, bool wanted)
    : validator_node(std::move(name)), type_(std::move(type)), wanted_(wanted) {
    // nop
  }

  caf::error check(const claims& who) const override {
    if ((who.type == type_) == wanted_)
      return {};
    return make_error(errc::forbidden, {},
                      name() + ": the actor is of type \"" + who.type + "\"");
  }

private:
  std::string type_;
  bool wanted_;
};

class function_node : public validator_node {
public:
  using function = std::function<caf::error(const claims&)>;

  function_node(std::string name, function f)
    : validator_node(std::move(name)), function_(std::move(f)) {
    // nop
  }

  caf::error check(const claims& who) const override {
    return wrap(ask(who), name());
  }

private:
  caf::error ask(const claims& who) const {
    try {
      return function_(who);
    } catch (const std::exception& e) {
      return internal_error(std::string{"threw: "} + e.what());
    } catch (...) {
      return internal_error("threw something that is no std::exception");
    }
  }

  function function_;
};

// -- composition --------------------------------------------------------------

class all_node : public validator_node {
public:
  explicit all_node(validator_list xs)
    : validator_node(name_of("all_of", xs)), xs_(std::move(xs)) {
    // nop
  }

  caf::error check(const claims& who) const override {
    for (auto& x : xs_)
      if (auto err = flamigo::check(x, who))
        return err;
    return {};
  }

private:
  validator_list xs_;
};

class any_node : public validator_node {
public:
  explicit any_node(validator_list xs)
    : validator_node(name_of("any_of", xs)), xs_(std::move(xs)) {
    // nop
  }

  caf::error check(const claims& who) const override {
    std::vector<caf::error> refusals;
    for (auto& x : xs_) {
      auto err = flamigo::check(x, who);
      if (!err)
        return {};
      refusals.push_back(std::move(err));
    }
    auto cause = name() + ": ";
    for (auto& refusal : refusals) {
      if (&refusal != &refusals.front())
        cause += "; ";
      cause += trace_of(refusal);
    }
    if (refusals.empty())
      cause += "nobody passes";
    return make_error(errc::forbidden, {}, std::move(cause));
  }

private:
  validator_list xs_;
};

class negate_node : public validator_node {
public:
  explicit negate_node(validator x)
    : validator_node("negate(" + name_of(x) + ")"), x_(std::move(x)) {
    // nop
  }

  caf::error check(const claims& who) const override {
    auto err = flamigo::check(x_, who);
    if (!err)
      return make_error(errc::forbidden, {},
                        name() + ": " + name_of(x_) + " says yes");
    // A validator that failed has not said no.
    return err == errc::internal ? wrap(std::move(err), name()) : caf::error{};
  }

private:
  validator x_;
};

template <class Node, class... Ts>
validator make(Ts&&... xs) {
  return validator{std::make_shared<const Node>(std::forward<Ts>(xs)...)};
}

} // namespace

// -- validator ----------------------------------------------------------------

validator::validator(std::initializer_list<validator> all)
  : validator(all_of(validator_list(all))) {
  // nop
}

validator::validator(std::shared_ptr<const detail::validator_node> node)
  : node_(std::move(node)) {
  // nop
}

std::string validator::name() const {
  return node_ ? node_->name() : std::string{};
}

caf::error validator::operator()(const claims& who) const {
  if (!node_)
    return {};
  auto err = node_->check(who);
  return err ? wrap(std::move(err), "validating actor") : std::move(err);
}

std::string to_string(const validator& x) {
  return x.name();
}

// -- validators ---------------------------------------------------------------

validator is_websocket() {
  static const auto instance = make<type_node>("is_websocket",
                                               claims_type::websocket, true);
  return instance;
}

validator is_not_websocket() {
  static const auto instance = make<type_node>("is_not_websocket",
                                               claims_type::websocket, false);
  return instance;
}

validator is_server() {
  static const auto instance = make<type_node>("is_server",
                                               claims_type::backend, true);
  return instance;
}

validator of_type(std::string type) {
  auto name = "of_type(" + type + ")";
  return make<type_node>(std::move(name), std::move(type), true);
}

validator all_of(std::vector<validator> xs) {
  if (xs.empty())
    return {};
  if (xs.size() == 1)
    return std::move(xs.front());
  return make<all_node>(std::move(xs));
}

validator any_of(std::vector<validator> xs) {
  if (xs.size() == 1)
    return std::move(xs.front());
  return make<any_node>(std::move(xs));
}

validator negate(validator x) {
  return make<negate_node>(std::move(x));
}

// -- validators of the application --------------------------------------------

namespace detail {

validator make_validator(std::string name,
                         std::function<bool(const claims&)> predicate,
                         std::string message) {
  auto check = [f = std::move(predicate),
                msg = std::move(message)](const claims& who) -> caf::error {
    return f(who)
             ? caf::error{}
             : make_error(errc::forbidden, msg, msg.empty() ? "says no" : msg);
  };
  return make_validator(std::move(name), std::move(check));
}

validator make_validator(std::string name,
                         std::function<caf::error(const claims&)> check) {
  return make<function_node>(std::move(name), std::move(check));
}

} // namespace detail

} // namespace flamigo
