#include "flamigo/claims/detail/validator_node.hpp"

#include "flamigo/error/error.hpp"

namespace flamigo::detail {

bool verdict::failed() const {
  return why_ == errc::internal;
}

caf::error verdict::explain(const claims& who) const {
  return leaf_ != nullptr ? leaf_->explain(who) : why_;
}

validator_node::~validator_node() {
  // nop
}

foresight validator_node::foresee(const claims& who) const {
  return {ask(who).yes() ? foresight::answer::yes : foresight::answer::no, {}};
}

} // namespace flamigo::detail
