.PHONY: fmt check test e2e run ci
fmt:
	mvn -q spotless:apply
check:
	mvn verify -pl '!e2e'
test:
	mvn -pl $(M) -am test -Dtest='$(T)' -Dsurefire.failIfNoSpecifiedTests=false
e2e:
	./emberwatch build && mvn -pl e2e -am verify -Dtest='io.emberwatch.e2e.*Test' -Dsurefire.failIfNoSpecifiedTests=false
run:
	./emberwatch up
ci:
	.ci/run
