#include "flamigo/context/detail/context_loan.hpp"

#include "flamigo/context/context.hpp"

namespace flamigo::detail {

context_loan::~context_loan() {
  if (holder_ != nullptr)
    holder_->loan_ = nullptr;
}

context context_loan::give() noexcept {
  return context{of_, *this};
}

void context_loan::settle() {
  if (holder_ != nullptr)
    holder_->own();
}

} // namespace flamigo::detail
