#pragma once

#include <functional>
#include <string>
#include <vector>

#include "flamigo/claims/detail/validator_node.hpp"

namespace flamigo::detail {

/// Lets everybody pass: what it asks is not of the claims.
class internal_validator final : public validator_node {
public:
  internal_validator();

  verdict ask(const claims& who) const override;

  caf::error explain(const claims& who) const override;

  bool is_internal() const noexcept override {
    return true;
  }
};

/// Lets everybody pass: how often is asked where calls are counted.
class limit_validator final : public validator_node {
public:
  explicit limit_validator(rate_limit what);

  verdict ask(const claims& who) const override;

  caf::error explain(const claims& who) const override;

  void add_limits(std::vector<rate_limit>& to) const override;

private:
  rate_limit what_;
};

/// Compares the type of an actor.
class type_validator : public validator_node {
public:
  /// Passes an actor of one of the types if `wanted`, any other if not.
  type_validator(std::string name, std::vector<std::string> types, bool wanted);

  verdict ask(const claims& who) const override;

  caf::error explain(const claims& who) const override;

private:
  std::vector<std::string> types_;
  bool wanted_;
};

/// Calls a function of the application that says yes or no.
class predicate_validator : public validator_node {
public:
  using function = std::function<bool(const claims&)>;

  predicate_validator(std::string name, function f, std::string message);

  verdict ask(const claims& who) const override;

  caf::error explain(const claims& who) const override;

private:
  function function_;
  std::string message_;
};

/// One of the application: what it will say is known when it is asked.
class application_validator final : public predicate_validator {
public:
  using predicate_validator::predicate_validator;

  foresight foresee(const claims&) const override {
    return depends_on(name());
  }
};

/// Users who have a permission.
class permission_validator final : public predicate_validator {
public:
  explicit permission_validator(std::string permission);

  void add_permissions(std::set<std::string>& to) const override {
    to.insert(permission_);
  }

private:
  std::string permission_;
};

/// The same for a predicate that clients pass which have not authenticated.
class open_validator final : public predicate_validator {
public:
  using predicate_validator::predicate_validator;

  bool is_open() const noexcept override {
    return true;
  }
};

/// Calls a function of the application that explains itself.
class function_validator : public validator_node {
public:
  using function = std::function<caf::error(const claims&)>;

  function_validator(std::string name, function f);

  verdict ask(const claims& who) const override;

  caf::error explain(const claims& who) const override;

  foresight foresee(const claims&) const override {
    return depends_on(name());
  }

private:
  function function_;
};

} // namespace flamigo::detail
