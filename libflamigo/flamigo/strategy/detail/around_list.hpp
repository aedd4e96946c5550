#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/strategy/detail/signature.hpp"
#include "flamigo/strategy/detail/strategy_pattern.hpp"
#include "flamigo/strategy/next.hpp"
#include "flamigo/task/task.hpp"

namespace flamigo::detail {

using around_function = std::function<task<raw_json>(context, next)>;

/// Whether a function wraps strategies. What does not gives one sentence.
template <class F>
struct around_traits {
  static constexpr bool fits = false;
};

template <has_one_call_operator F>
struct around_traits<F> {
  static constexpr bool fits
    = std::is_same_v<
        args_of<F, std::tuple>,
        std::tuple<context,
                   next>> && std::is_same_v<result_of<F>, task<raw_json>>;

  static_assert(!fits || signature<F>::is_const,
                "what is given to around is called on several threads at once, "
                "so its lambda must not be mutable");
  static_assert(ends_quietly<F>,
                "what the function given to around has captured may throw when "
                "it is destroyed, which would end the program: make its "
                "destructor noexcept");
};

/// What wraps the strategies of a registry, in the order in which it was
/// declared. Thread-safe: domains that are restarted look into it.
class around_list {
public:
  void add(strategy_pattern which, around_function what);

  /// The patterns by which this strategy is wrapped, from the outermost on.
  std::vector<std::string> patterns_of(std::string_view name) const;

  /// The handlers of a strategy with all that wraps them; themselves if there
  /// is nothing.
  std::shared_ptr<const strategy_handlers>
  wrap(std::string_view name,
       std::shared_ptr<const strategy_handlers> handlers) const;

  /// All of them.
  std::vector<strategy_pattern> patterns() const;

private:
  struct entry {
    strategy_pattern which;
    std::shared_ptr<const around_function> what;
  };

  mutable std::mutex mtx_;
  std::vector<entry> entries_;
};

} // namespace flamigo::detail
