#pragma once

namespace flamigo {

class context;

} // namespace flamigo

namespace flamigo::detail {

/// Lends the context of a running call to a coroutine, which takes it by value:
/// nothing is copied as long as the coroutine does not wait. Lives on the stack
/// of who runs the call.
class context_loan {
public:
  explicit context_loan(const context& of) noexcept : of_(of) {
  }

  context_loan(const context_loan&) = delete;

  context_loan& operator=(const context_loan&) = delete;

  /// Settles.
  ~context_loan();

  /// The context that refers to what the call refers to. To be called once.
  context give() noexcept;

  /// The call returns: whoever has the context now owns what it refers to.
  void settle();

private:
  friend class flamigo::context;

  const context& of_;
  /// Where it is now; null when it is gone.
  context* holder_ = nullptr;
};

} // namespace flamigo::detail
