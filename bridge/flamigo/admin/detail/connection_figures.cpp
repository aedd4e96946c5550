#include "flamigo/admin/detail/connection_figures.hpp"

#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>

#include "flamigo/client/client.hpp"
#include "flamigo/task/callback.hpp"
#include "flamigo/task/sleep.hpp"
#include "flamigo/task/when_any.hpp"

namespace flamigo::detail {

namespace {

/// What connections say, each on its thread. Thread-safe.
class gathered_figures {
public:
  explicit gathered_figures(std::size_t count) : all_(count) {
  }

  /// True if it was the last one.
  bool put(std::size_t place, const client_figures& what) {
    std::lock_guard guard{mutex_};
    all_[place] = what;
    return ++count_ == all_.size();
  }

  std::vector<std::optional<client_figures>> now() const {
    std::lock_guard guard{mutex_};
    return all_;
  }

private:
  mutable std::mutex mutex_;
  std::vector<std::optional<client_figures>> all_;
  std::size_t count_ = 0;
};

} // namespace

task<std::vector<std::optional<client_figures>>>
ask_for_figures(context ctx, std::vector<caf::actor> whom) {
  auto result = std::make_shared<gathered_figures>(whom.size());
  if (whom.empty())
    co_return result->now();
  auto all_have_answered = callback<void>(ctx, [&](auto done) {
    for (std::size_t i = 0; i < whom.size(); ++i)
      client{whom[i]}.look([result, i, done](const client_figures& what) {
        if (result->put(i, what))
          done();
      });
  });
  auto time_is_up = sleep(ctx, figures_limit);
  // Whichever it was.
  (void) co_await when_any(std::move(all_have_answered), std::move(time_is_up));
  co_return result->now();
}

} // namespace flamigo::detail
