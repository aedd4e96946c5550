#include "flamigo/task/detail/cancel_job.hpp"

namespace flamigo::detail {

cancel_job::~cancel_job() {
  if (here_)
    *here_ = nullptr;
}

cancel_job::place cancel_job::begin(std::unique_ptr<cancel_job> what,
                                    std::shared_ptr<call_state> of) {
  auto& it = *what;
  auto result = it.here_ = std::make_shared<cancel_job*>(&it);
  it.join(std::move(of));
  keep(std::move(what));
  return result;
}

void cancel_job::end() noexcept {
  take();
}

void cancel_job::tell(errc) noexcept {
  auto mine = take();
  guarded_or_logged([this] { run(); },
                    [] { return std::string{"what on_cancel was given"}; });
}

void cancel_job::stop(const caf::error&) noexcept {
  // It is gone by then.
}

void cancel_job::is_over() noexcept {
  take();
}

} // namespace flamigo::detail
