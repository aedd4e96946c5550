#include "flamigo/context/detail/context_loan.hpp"

#include <string>

#include "flamigo/context/context.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"

namespace flamigo::detail {

context_loan::~context_loan() {
  // Whoever has moved it elsewhere may keep it.
  guarded_or_logged([this] { settle(); },
                    [] { return std::string{"a context that was kept"}; });
}

context context_loan::give() noexcept {
  return context{of_, *this};
}

void context_loan::settle() {
  if (holder_ != nullptr)
    holder_->own();
}

} // namespace flamigo::detail
