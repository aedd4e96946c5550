#include "flamigo/remote/remote_error.hpp"

#include <utility>

#include <caf/atom.hpp>

#include "flamigo/error/detail/onion.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/remote/detail/local_error.hpp"

namespace flamigo {

namespace {

/// What lies at the core of an error of something that may have been done.
constexpr auto ran_category = caf::atom("ranPerhaps");

} // namespace

namespace detail {

caf::error ran_perhaps(caf::error why) {
  auto outside = classify(why);
  auto x = take_onion(std::move(why));
  if (x.cause.empty())
    x.cause = "the server may have done it";
  x.root = caf::error{1, ran_category};
  return pack(outside, std::move(x));
}

} // namespace detail

bool may_have_run(const caf::error& why) {
  if (!why)
    return true;
  auto code = code_of(why);
  return status_of(why) == 504 || code == remote_code::lost
         || code == remote_code::unfit
         || cause_of(why).category() == ran_category;
}

} // namespace flamigo
