#pragma once

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <caf/error.hpp>

#include "flamigo/claims/foresight.hpp"
#include "flamigo/limit/rate_limit.hpp"

namespace flamigo {

struct claims;

} // namespace flamigo

namespace flamigo::detail {

class validator_node;

/// What a validator says. A no is put into words only when somebody wants to
/// read it: under `any_of` and `negate` it is often part of a yes.
class verdict {
public:
  /// Yes.
  verdict() noexcept = default;

  /// No, for the reason that `leaf` gives.
  explicit verdict(const validator_node& leaf) noexcept : leaf_(&leaf) {
    // nop
  }

  /// No, because of an error; yes if there is none.
  explicit verdict(caf::error why) noexcept : why_(std::move(why)) {
    // nop
  }

  bool yes() const noexcept {
    return leaf_ == nullptr && !why_;
  }

  /// Whether the question was left without an answer.
  bool failed() const;

  /// The refusal in words; its trace begins with the name of the leaf that said
  /// no. No error if the verdict is yes.
  caf::error explain(const claims& who) const;

private:
  const validator_node* leaf_ = nullptr;
  caf::error why_;
};

/// What a validator shares with its copies.
class validator_node {
public:
  explicit validator_node(std::string name) : name_(std::move(name)) {
    // nop
  }

  virtual ~validator_node();

  const std::string& name() const noexcept {
    return name_;
  }

  /// Asks. Never throws but std::bad_alloc.
  virtual verdict ask(const claims& who) const = 0;

  /// Says why `ask` answered with this node.
  virtual caf::error explain(const claims& who) const = 0;

  /// What it will say, without asking what only the application knows. By
  /// default it asks: whatever looks at nothing but the claims may do so.
  virtual foresight foresee(const claims& who) const;

  /// Adds the permissions on which that may depend.
  virtual void add_permissions(std::set<std::string>&) const {
    // None, as a rule.
  }

  /// Whether it lets clients ask that have not authenticated.
  virtual bool is_open() const noexcept {
    return false;
  }

  /// Whether it closes a strategy to what comes from outside.
  virtual bool is_internal() const noexcept {
    return false;
  }

  /// Appends how often what it guards may be called.
  virtual void add_limits(std::vector<rate_limit>&) const {
    // None, as a rule.
  }

  /// Whether nobody passes who does not pass `x`.
  virtual bool demands(const validator_node& x) const noexcept {
    return this == &x;
  }

private:
  std::string name_;
};

/// Null lets everyone pass.
using validator_ptr = std::shared_ptr<const validator_node>;

using validator_list = std::vector<validator_ptr>;

} // namespace flamigo::detail
