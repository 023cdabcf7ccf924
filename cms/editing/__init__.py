"""What comes before and after a page is read: who may publish it, who approves it, when
it goes live, and when somebody looks at it again."""
