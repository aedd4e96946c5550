#include "flamigo/domain/domain_health.hpp"

namespace flamigo {

std::vector<std::string> domain_health::down() const {
  std::lock_guard guard{mtx_};
  return {down_.begin(), down_.end()};
}

void domain_health::went_down(const std::string& domain) {
  std::lock_guard guard{mtx_};
  down_.insert(domain);
  missing_ = down_.size();
  ++failures_;
}

void domain_health::came_back(const std::string& domain) {
  forget(domain);
  ++restarts_;
}

void domain_health::forget(const std::string& domain) {
  std::lock_guard guard{mtx_};
  if (auto i = down_.find(domain); i != down_.end())
    down_.erase(i);
  missing_ = down_.size();
}

} // namespace flamigo
