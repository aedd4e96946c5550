#pragma once

#include "flamigo/claims/detail/validator_node.hpp"

namespace flamigo::detail {

/// Says no as soon as one does.
class all_validator : public validator_node {
public:
  explicit all_validator(validator_list xs);

  verdict ask(const claims& who) const override;

  caf::error explain(const claims& who) const override;

  foresight foresee(const claims& who) const override;

  void add_permissions(std::set<std::string>& to) const override;

  bool is_open() const noexcept override;

  bool is_internal() const noexcept override;

  bool demands(const validator_node& x) const noexcept override;

  void add_limits(std::vector<rate_limit>& to) const override;

private:
  validator_list xs_;
};

/// Says yes as soon as one does.
class any_validator : public validator_node {
public:
  /// Throws std::invalid_argument if one of them limits how often.
  explicit any_validator(validator_list xs);

  verdict ask(const claims& who) const override;

  caf::error explain(const claims& who) const override;

  foresight foresee(const claims& who) const override;

  void add_permissions(std::set<std::string>& to) const override;

  bool is_open() const noexcept override;

  bool is_internal() const noexcept override;

private:
  validator_list xs_;
};

/// Says the opposite.
class negation : public validator_node {
public:
  /// Throws std::invalid_argument if it limits how often.
  explicit negation(validator_ptr x);

  verdict ask(const claims& who) const override;

  caf::error explain(const claims& who) const override;

  foresight foresee(const claims& who) const override;

  void add_permissions(std::set<std::string>& to) const override;

  bool is_internal() const noexcept override;

private:
  validator_ptr x_;
};

} // namespace flamigo::detail
