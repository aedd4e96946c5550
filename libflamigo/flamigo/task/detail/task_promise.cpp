#include "flamigo/task/detail/task_promise.hpp"

#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/task/detail/running_tasks.hpp"

namespace flamigo::detail {

void task_promise_base::unhandled_exception() noexcept {
  try {
    error_ = caught();
  } catch (...) {
    // Without memory it is told that there is no result.
  }
}

namespace {

task_promise_base* finish_root(void* what) noexcept {
  static_cast<root_task*>(what)->end();
  return nullptr;
}

} // namespace

void task_promise_base::keep(root_task::finish_function finish) noexcept {
  root_.finish = finish;
  next_ = finish_root;
  who_ = &root_;
  root_.keep();
}

} // namespace flamigo::detail
