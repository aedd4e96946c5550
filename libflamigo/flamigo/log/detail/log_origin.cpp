#include "flamigo/log/detail/log_origin.hpp"

namespace flamigo::detail {

namespace {

constinit thread_local const log_origin* origin_here = nullptr;

} // namespace

const log_origin* log_origin::current() noexcept {
  return origin_here;
}

const log_origin* log_origin::current(const log_origin* next) noexcept {
  return std::exchange(origin_here, next);
}

} // namespace flamigo::detail
