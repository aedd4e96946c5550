#include "flamigo/cluster/cluster_lease.hpp"

#include <utility>

#include "flamigo/cluster/detail/held_lease.hpp"

namespace flamigo {

cluster_lease::cluster_lease(std::shared_ptr<detail::held_lease> what) noexcept
  : what_(std::move(what)) {
}

cluster_lease& cluster_lease::operator=(cluster_lease&& other) noexcept {
  auto old = cluster_lease{std::move(*this)};
  what_ = std::move(other.what_);
  return *this;
}

cluster_lease::~cluster_lease() {
  if (what_)
    what_->end();
}

std::uint64_t cluster_lease::token() const noexcept {
  return what_ ? what_->token() : 0;
}

std::string cluster_lease::holder() const {
  return what_ ? what_->holder() : std::string{};
}

} // namespace flamigo
