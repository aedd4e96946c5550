#pragma once

#include <memory>

namespace flamigo::detail {

class running_tasks;

/// Something that an actor has begun and owns until it is done with it: it is
/// destroyed in that actor, and before the actor's state.
class belonging {
public:
  /// Of the actor of these.
  explicit belonging(running_tasks& ground) noexcept : ground_(ground) {
  }

  belonging(const belonging&) = delete;

  belonging& operator=(const belonging&) = delete;

  virtual ~belonging() = default;

protected:
  /// To be called once, with `this`. Destroys it if the actor has ended.
  static void keep(std::unique_ptr<belonging> what) noexcept;

  /// The actor is done with it, and the caller owns it.
  std::unique_ptr<belonging> take() noexcept;

  running_tasks& ground() const noexcept {
    return ground_;
  }

private:
  friend class running_tasks;

  running_tasks& ground_;
  belonging* next_ = nullptr;
  belonging* before_ = nullptr;
};

} // namespace flamigo::detail
