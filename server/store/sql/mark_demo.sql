-- Changes a row the first time only; the row lock lets one of two loaders in.
update territoire set demo = true where territoire = @territoire and not demo
