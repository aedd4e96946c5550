#include "flamigo/detail/validator_node.hpp"

namespace flamigo::detail {

validator_node::~validator_node() {
  // nop
}

} // namespace flamigo::detail
