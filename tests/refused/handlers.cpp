#include <string>

#include <boost/describe/class.hpp>

#include <flamigo/flamigo.hpp>

using namespace flamigo;

struct order {
  int count;
};

BOOST_DESCRIBE_STRUCT(order, (), (count))

struct undescribed {
  int count;
};

struct undescribed_text {
  std::string text;
};

struct around {
  undescribed_text inside;
};

BOOST_DESCRIBE_STRUCT(around, (), (inside))

void add(strategy_registry& to) {
  to.add("app::shop:order", [](const order& in) -> caf::result<order> {
    if (in.count == 0)
      return make_error(errc::conflict, "order something");
    return in;
  });
  to.add("app::shop:mine", [](client& who, const user& me, const order& in) {
    who.send("shop:hint", me.name);
    return in;
  });
#ifdef MISTAKES
  // error: have different types
  // error: says -> caf::result<T> where it returns a T on one path and an error
  to.add("app::shop:order", [](const order& in) {
    return in.count == 0 ? make_error(errc::conflict) : in;
  });
  // error: it has no auto parameters
  to.add("app::shop:order", [](const auto& in) { return in; });
  // error: the input of this strategy cannot be read from JSON
  to.add("app::shop:order", [](const undescribed&) {});
  // error: a member of this struct cannot be read from JSON
  to.add("app::shop:order", [](const around&) {});
  // error: the result of this strategy cannot be written as JSON
  to.add("app::shop:order", [] { return undescribed{1}; });
  // error: in this order: the context, who asks and its input
  to.add("app::shop:order", [](context&, const order&, int) {});
  // error: in this order: the context, who asks and its input
  to.add("app::shop:order", [](const order&, context&) {});
  // error: in this order: the context, who asks and its input
  to.add("app::shop:order", [](const order&, const user&) {});
  // error: this type cannot be read from JSON
  to.add("app::shop:order",
         [](context& ctx) { return ctx.payload_as<undescribed>().error(); });
  // error: which are not its own to change
  to.add("app::shop:order", [](user&, const order&) {});
#endif
}
