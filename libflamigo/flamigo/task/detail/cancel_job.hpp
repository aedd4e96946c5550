#pragma once

#include <memory>
#include <string>
#include <utility>

#include "flamigo/context/detail/call_part.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"
#include "flamigo/task/detail/belonging.hpp"

namespace flamigo::detail {

/// A function that is called when a call is cancelled.
class cancel_job : public belonging, private call_part {
public:
  /// Null when the job is gone.
  using place = std::shared_ptr<cancel_job*>;

  ~cancel_job() override;

  /// Enters it, and returns where it is. Throws std::bad_alloc.
  static place begin(std::unique_ptr<cancel_job> what,
                     std::shared_ptr<call_state> of);

  /// It is not to be called any more.
  void end() noexcept;

protected:
  using belonging::belonging;

private:
  virtual void run() = 0;

  void tell(errc why) noexcept override;

  void stop(const caf::error& why) noexcept override;

  void is_over() noexcept override;

  place here_;
};

template <class F>
class cancel_function final : public cancel_job {
public:
  cancel_function(running_tasks& ground, F fun)
    : cancel_job(ground), fun_(std::move(fun)) {
  }

private:
  void run() override {
    fun_();
  }

  F fun_;
};

} // namespace flamigo::detail
