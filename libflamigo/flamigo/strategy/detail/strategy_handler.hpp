#pragma once

#include <string>
#include <string_view>
#include <typeinfo>
#include <vector>

#include "flamigo/context/context.hpp"
#include "flamigo/json/detail/bytes_within.hpp"
#include "flamigo/schema/schema_function.hpp"
#include "flamigo/strategy/detail/outcome.hpp"
#include "flamigo/strategy/detail/text_kind.hpp"

namespace flamigo::detail {

/// One handler of a strategy, with its types erased.
class strategy_handler {
public:
  virtual ~strategy_handler();

  /// Binds the context's payload, runs the handler and appends the JSON text
  /// of its result to `out`. An exception that leaves the handler comes back as
  /// a failed outcome, or answers the call if it was deferred before. `out` may
  /// hold rubbish behind its old end unless the outcome is `done`.
  outcome invoke(context& ctx, std::string& out) const;

  /// Readable names of the types, for listings; "none" where there is none.
  virtual std::string input() const = 0;

  virtual std::string output() const = 0;

  /// Whether it answers in parts, of which each is such an output.
  virtual bool streams() const noexcept;

  /// The members of the input that need not come, as an object.
  virtual std::string defaults() const = 0;

  /// Whether the input has this member, which is of this type and has to come.
  virtual bool requires_member(std::string_view name,
                               const std::type_info& type) const = 0;

  /// What says which of its input's members a text may become; null if it has
  /// none.
  virtual kind_finder kinds_in() const noexcept;

  /// What finds the bytes in its input; null if there are none.
  virtual bytes_finder bytes_in() const noexcept;

  /// The same in its output, or in each part of it.
  virtual bytes_finder bytes_out() const noexcept;

  /// What makes the schema of its input; null if it has none.
  virtual schema_function input_schema() const noexcept;

  /// The same for each type that its output, or a part of it, may be of;
  /// none for nothing.
  virtual std::vector<schema_function> output_schemas() const;

private:
  virtual outcome run(context& ctx, std::string& out) const = 0;
};

} // namespace flamigo::detail
