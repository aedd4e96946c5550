#include "flamigo/blocking/detail/blocking_job.hpp"

#include <string>

#include <caf/atom.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/message.hpp>

#include "flamigo/log/detail/guarded_or_logged.hpp"

namespace flamigo::detail {

blocking_job::~blocking_job() = default;

void blocking_job::run() noexcept {
  guarded_or_logged(
    [this] {
      error_ = guarded(
        [this]() -> caf::error {
          call();
          return std::move(error_);
        },
        [](caf::error why) { return why; });
    },
    [] { return std::string{"blocking work has failed"}; });
  tell();
}

void blocking_job::refuse(caf::error why) noexcept {
  error_ = std::move(why);
  tell();
}

void blocking_job::tell() noexcept {
  auto to = std::move(asker_);
  asker_ = nullptr;
  // Without memory for this it waits until its deadline.
  guarded_or_logged(
    [&] {
      to->enqueue(nullptr, answer_, caf::make_message(caf::atom("done")),
                  nullptr);
    },
    [] { return std::string{"blocking work is done"}; });
}

} // namespace flamigo::detail
