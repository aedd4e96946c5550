#include "flamigo/task/detail/belonging.hpp"

#include "flamigo/task/detail/running_tasks.hpp"

namespace flamigo::detail {

void belonging::keep(std::unique_ptr<belonging> what) noexcept {
  auto& ground = what->ground_;
  if (!ground.ended())
    ground.add(*what.release());
}

std::unique_ptr<belonging> belonging::take() noexcept {
  ground_.remove(*this);
  return std::unique_ptr<belonging>{this};
}

} // namespace flamigo::detail
