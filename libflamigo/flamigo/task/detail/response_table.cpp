#include "flamigo/task/detail/response_table.hpp"

#include <utility>

namespace flamigo::detail {

void response_table::add(response_hook& what, caf::message_id id) {
  if (size_ >= chains_.size())
    grow();
  what.id_ = id.integer_value();
  auto& first = chain(what.id_);
  what.next_ = std::exchange(first, &what);
  ++size_;
}

void response_table::remove(response_hook& what) noexcept {
  if (what.id_ == 0)
    return;
  auto at = &chain(what.id_);
  while (*at != &what)
    at = &(*at)->next_;
  *at = what.next_;
  what.id_ = 0;
  what.next_ = nullptr;
  --size_;
}

response_hook* response_table::take(caf::message_id id) noexcept {
  if (size_ == 0)
    return nullptr;
  auto result = chain(id.integer_value());
  while (result != nullptr && result->id_ != id.integer_value())
    result = result->next_;
  if (result != nullptr)
    remove(*result);
  return result;
}

void response_table::grow() {
  std::vector<response_hook*> before(chains_.empty() ? 8 : 2 * chains_.size());
  before.swap(chains_);
  for (auto first : before)
    while (first != nullptr) {
      auto next = first->next_;
      first->next_ = std::exchange(chain(first->id_), first);
      first = next;
    }
}

} // namespace flamigo::detail
