#include "flamigo/cluster/detail/failure_note.hpp"

#include <chrono>
#include <utility>

#include "flamigo/error/detail/onion.hpp"
#include "flamigo/error/error.hpp"

namespace flamigo::detail {

failure_note note_of(const caf::error& why) {
  failure_note result{
    code_of(why), status_of(why), public_message(why), {}, {}, {}};
  if (auto fields = field_errors_of(why); !fields.empty())
    result.fields = std::move(fields);
  if (auto time = retry_after_of(why); time.count() > 0)
    result.retry_after = time / std::chrono::milliseconds{1};
  if (auto trace = trace_of(why); trace != result.message)
    result.trace = std::move(trace);
  return result;
}

caf::error error_of(failure_note&& what) {
  auto code = errc_of(what.code);
  onion x;
  x.message = std::move(what.message);
  x.status = what.status;
  x.code = std::move(what.code);
  if (what.fields)
    for (auto& [field, error] : *what.fields)
      x.fields.emplace_back(std::move(field), std::move(error));
  x.retry_after = what.retry_after.value_or(0);
  x.cause = std::move(what.trace).value_or("");
  return pack(code, std::move(x));
}

} // namespace flamigo::detail
